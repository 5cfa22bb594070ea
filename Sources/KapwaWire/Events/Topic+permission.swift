public import KapwaDomain

extension Topic {
    /// What of a subscription somebody may have: the topics, or beginnings of topics, that are to be installed for it.
    /// Empty: none of it.
    ///
    /// Whoever asks for more than is allowed (`TENANT/`, say) gets what of it is.
    public static func permitted(_ wanted: [UInt8], to caller: Caller) -> [[UInt8]] {
        guard caller.key != nil else { return [wanted] }
        var inside: [[UInt8]] = []
        for topic in beginnings(for: caller) {
            let topic = Array(topic.utf8)
            if wanted.starts(with: topic) { return [wanted] }
            if topic.starts(with: wanted) { inside.append(topic) }
        }
        return inside
    }

    /// The beginnings of all topics that somebody with a key may hear.
    private static func beginnings(for caller: Caller) -> [String] {
        guard let tenant = caller.tenant, caller.roles.contains(where: { $0 != .worker }) else { return [] }
        var topics = [heartbeat(tenant: tenant)]
        switch caller.agents {
        case .all: topics.append("\(tenant)/private/")
        case .these(let agents): topics += agents.map { privateName(tenant: tenant, agent: $0) }
        }
        for type in publicTypes {
            if let agent = caller.agent {
                // The public form names a runner-up: a colleague. The private copy, which the agent hears, does not.
                if type.isOfAgent, !type.isChoice { topics.append("\(tenant)/\(type.name)/\(agent)/") }
                if type.isOfFloor { topics.append("\(tenant)/\(type.name)/") }
            } else {
                topics.append("\(tenant)/\(type.name)/")
            }
        }
        return topics
    }

    private struct PublicType {
        let name: String
        let isOfAgent: Bool
        let isOfFloor: Bool
        let isChoice: Bool
    }

    /// The types that have a public form, in the order of their names.
    private static let publicTypes: [PublicType] = Event.Body.blanksByType.values.filter { !$0.isPrivate }.map {
        PublicType(name: $0.type, isOfAgent: $0.topicAgent != nil, isOfFloor: $0.isOfFloor, isChoice: $0.isChoice)
    }.sorted { $0.name < $1.name }
}

extension Event.Body {
    /// Whether it tells whom of several agents was chosen.
    fileprivate var isChoice: Bool {
        switch self {
        case .offerMade, .offerAdvised: true
        default: false
        }
    }
}
