public import KapwaDomain

/// What somebody wants to have explained, and as of when.
public struct WhyQuestion: Sendable, Hashable {
    /// Which point of a conversation's life.
    public enum Moment: Sendable, Hashable {
        /// Where it stands if it waits, else the last decision about it.
        case latest
        case offer(OfferID)
        /// After the event with this sequence; of an event that decided, the decision itself.
        case sequence(Int64)
    }

    public var tenant: TenantID
    public var conversation: ConversationID
    public var moment: Moment

    public init(tenant: TenantID, conversation: ConversationID, moment: Moment = .latest) {
        self.tenant = tenant
        self.conversation = conversation
        self.moment = moment
    }
}

/// Who reads an explanation.
public enum WhyAudience: Sendable, Hashable {
    /// Sees what an agent has to carry as one of three bands.
    case everyone
    /// Sees every figure; looks are kept.
    case auditor
}
