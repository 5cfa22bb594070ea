/// Who asks: by which key, in which roles, and what the key is bound to.
public struct Caller: Sendable, Hashable {
    /// Agents whose private topic may be read.
    public enum Agents: Sendable, Hashable {
        case all
        case these([AgentID])

        public func contains(_ agent: AgentID) -> Bool {
            switch self {
            case .all: true
            case .these(let agents): agents.contains(agent)
            }
        }
    }

    /// `nil`: nobody was asked for a key.
    public var key: KeyName?
    public var roles: [Role]
    /// `nil`: every tenant.
    public var tenant: TenantID?
    /// Queues that it may act on; empty: all of them.
    public var queues: [QueueID]
    /// Of role `agent`: the one that it is. Of `middleware` and `supervisor`: whose private topics it was given.
    public var agents: Agents

    public init(
        key: KeyName?, roles: [Role], tenant: TenantID?, queues: [QueueID] = [], agents: Agents = .these([])
    ) {
        self.key = key
        self.roles = roles
        self.tenant = tenant
        self.queues = queues
        self.agents = agents
    }

    /// Whoever comes where no key is asked for: on this machine alone.
    public static let keyless = Caller(key: nil, roles: [.middleware, .supervisor], tenant: nil, agents: .all)

    /// The agent that it is, if it is one.
    public var agent: AgentID? {
        guard roles.contains(.agent), case .these(let agents) = agents else { return nil }
        return agents.first
    }

    public func has(_ role: Role) -> Bool { roles.contains(role) }

    /// How far it may send commands of a kind.
    public func extent(of kind: Command.Kind) -> Permission.Extent {
        var best = Permission.Extent.no
        for role in roles {
            let extent = Permission.extent(of: kind, for: role)
            if extent == .yes { return .yes }
            if extent == .own { best = .own }
        }
        return best
    }

    /// For a sentence: `key "crm" (middleware)`.
    var described: String {
        let roles = roles.map(\.rawValue).joined(separator: " and ")
        return key.map { "key \"\($0)\" (\(roles))" } ?? "a peer without a key (\(roles))"
    }
}

extension Caller {
    /// Where a conversation stands, for what depends on whose it is.
    public struct Whereabouts: Sendable, Hashable {
        /// Whether it has an episode that is not closed.
        public var isOpen: Bool
        public var queue: QueueID?
        /// Who has it, or had it last.
        public var agent: AgentID?

        public init(isOpen: Bool, queue: QueueID? = nil, agent: AgentID? = nil) {
            self.isOpen = isOpen
            self.queue = queue
            self.agent = agent
        }
    }

    /// Whether what it may do depends on whose a conversation is.
    public var isBound: Bool { !queues.isEmpty || agent != nil }
}
