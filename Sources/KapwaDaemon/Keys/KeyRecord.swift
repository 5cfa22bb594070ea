public import KapwaDomain
import KapwaWire

/// A key as the daemon keeps it: its public half, and what its owner may do.
public struct KeyRecord: Sendable, Hashable {
    public var name: KeyName
    /// 40 characters of Z85.
    public var publicKey: String
    public var role: Role
    /// A worker has none: it scores for all.
    public var tenant: TenantID?
    /// Queues that it is bound to; empty: all of its tenant.
    public var queues: [QueueID]
    /// Of role `agent` the one that it is; of `middleware` and `supervisor` those whose private topic it may read.
    public var agents: Caller.Agents
    public var madeAt: Instant
    /// When it was taken back.
    public var revokedAt: Instant?

    /// What somebody wants a key to be.
    ///
    /// - Throws: ``StartFailure`` when these do not go together.
    public init(
        name: String, role: Role, tenant: String? = nil, queues: [String] = [], agents: [String] = [],
        allAgents: Bool = false, publicKey: String = "", madeAt: Instant
    ) throws(StartFailure) {
        func check(_ holds: Bool, _ problem: String) throws(StartFailure) {
            guard holds else { throw StartFailure(.usage, problem) }
        }
        try check(Self.isName(name), "\"\(name)\" is no name of a key; \(Self.nameShape)")
        let hasTenant = role != .worker
        try check(hasTenant || tenant == nil, "a worker scores for every tenant; leave the tenant out")
        let tenantName = tenant ?? TenantID.main.rawValue
        try check(TenantID.isTenant(tenantName), "\"\(tenantName)\" is no name of a tenant")
        let mayQueue = [.middleware, .observer, .supervisor].contains(role)
        try check(mayQueue || queues.isEmpty, "a key of role \(role.rawValue) is not bound to queues")
        for name in queues + agents {
            try check(QueueID.isValid(Array(name.utf8)), "\"\(name)\" is no name; \(Self.identifierShape)")
        }
        try check(max(queues.count, agents.count) <= Limits.keyBindingsMax, "\(Limits.keyBindingsMax) are the most")
        switch role {
        case .agent: try check(agents.count == 1 && !allAgents, "a key of role agent names its one agent")
        case .middleware, .supervisor: try check(!allAgents || agents.isEmpty, "name agents, or all of them, not both")
        default: try check(agents.isEmpty && !allAgents, "a key of role \(role.rawValue) has no agents")
        }
        self.name = KeyName(name)
        self.publicKey = publicKey
        self.role = role
        self.tenant = hasTenant ? TenantID(tenantName) : nil
        self.queues = queues.map { QueueID($0) }
        self.agents = allAgents ? .all : .these(agents.map { AgentID($0) })
        self.madeAt = madeAt
    }

    /// For file names and for the sender of commands alike.
    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...Limits.keyNameBytesMax).contains(bytes.count), let first = bytes.first else { return false }
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isPlain(first) && bytes.allSatisfy { isPlain($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
    }

    private static let nameShape =
        "1 to \(Limits.keyNameBytesMax) letters, digits and . _ - make one, beginning with a letter or a digit"
    private static let identifierShape =
        "1 to \(Limits.identifierBytesMax) of the characters A-Z a-z 0-9 . _ : @ + - make one"

    /// Whom it stands for.
    public var caller: Caller {
        Caller(key: name, roles: [role], tenant: tenant, queues: queues, agents: agents)
    }

    /// A point in time as people read it.
    public static func time(_ instant: Instant) -> String { Timestamp.text(instant) }

    /// What it is bound to, in words.
    public var bindings: String {
        var words: [String] = []
        if let tenant { words.append("tenant \(tenant)") }
        if !queues.isEmpty { words.append("queues \(queues.map(\.rawValue).joined(separator: ", "))") }
        switch agents {
        case .all: words.append("all agents")
        case .these(let agents) where !agents.isEmpty:
            words.append("agents \(agents.map(\.rawValue).joined(separator: ", "))")
        case .these: break
        }
        return words.joined(separator: "; ")
    }
}
