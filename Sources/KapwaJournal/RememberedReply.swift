public import KapwaDomain

/// What a command was answered with, kept so that the same command sent again gets the same answer.
public struct RememberedReply: Sendable, Equatable {
    public var tenant: TenantID
    /// Name of the sender's key, or its `source`; ids are unique per tenant and sender.
    public var sender: String
    public var id: CommandID
    /// 128 bits over the command's body as decoded: tells a repetition from another command under the same id.
    public var hash: (UInt64, UInt64)
    public var reply: [UInt8]
    /// When it was answered; what is older than ``Limits/rememberedFor`` may be forgotten.
    public var at: Instant

    public init(
        tenant: TenantID, sender: String, id: CommandID, hash: (UInt64, UInt64), reply: [UInt8], at: Instant
    ) {
        self.tenant = tenant
        self.sender = sender
        self.id = id
        self.hash = hash
        self.reply = reply
        self.at = at
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.tenant == right.tenant && left.sender == right.sender && left.id == right.id
            && left.hash == right.hash && left.reply == right.reply && left.at == right.at
    }
}
