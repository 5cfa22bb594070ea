import KapwaDomain
public import KapwaRules

/// The rules that a simulation plays when it is given none: a floor as many Philippine sites have it.
public enum SimulatedFloor {
    /// Calls, chats, billing questions and mail; frustrated people go to whom calms them, with steps down.
    public static let rules: RuleSet = {
        var rules = RuleSet()
        rules.hash = "simulated-floor"
        rules.queues = [
            queue("chats", ["chat": 2], steps: [Step(after: .seconds(60), lower: ["chat": 1])]),
            queue("calls", ["voice": 2], steps: [Step(after: .seconds(45), lower: ["voice": 1])]),
            queue(
                "billing", ["billing": 3, "chat": 1],
                steps: [
                    Step(after: .seconds(60), lower: ["billing": 2]), Step(after: .seconds(120), drop: ["billing"]),
                ]),
            queue("mail", ["mail": 1], steps: []),
        ]
        rules.routes = [
            route("calls", [.voice, .callback]), route("mail", [.email, .sms]),
            route("billing", [.chat, .social], topics: ["billing"]),
        ]
        return rules
    }()

    private static func queue(_ id: QueueID, _ needs: Skills, steps: [Step]) -> Queue {
        var queue = Queue(id: id)
        queue.needs = needs
        queue.steps = steps
        queue.target = PerChannel(chat: .seconds(30), voice: .seconds(20), email: .hours(4))
        return queue
    }

    private static func route(_ queue: QueueID, _ channels: [Channel], topics: [String] = []) -> Route {
        var condition = Condition()
        condition.channels = channels
        condition.topics = topics
        return Route(condition: condition, queue: queue)
    }
}

extension RuleSet {
    /// The same floor without care: nobody's stress is looked at when work is given out, breaks for care are announced
    /// and exclude nobody, nobody is eased in. What the law or the agent asks for stays. Made for comparison.
    public var withoutCare: RuleSet {
        var plain = self
        plain.hash = hash + "-without-care"
        plain.weights.stress = 0
        plain.weights.share = 0
        plain.breaksMode = .observe
        plain.breaks = breaks.withoutLanding
        plain.teams = teams.map {
            var team = $0
            team.breaksMode = .observe
            team.breaks = $0.breaks?.withoutLanding
            return team
        }
        return plain
    }

    /// The same floor where everybody who owes a break takes it at once: no share of a team, no early invitation.
    public var withoutStagger: RuleSet {
        var plain = self
        plain.hash = hash + "-without-stagger"
        plain.breaks = breaks.withoutStagger
        plain.teams = teams.map {
            var team = $0
            team.breaks = $0.breaks?.withoutStagger
            return team
        }
        return plain
    }
}

extension BreakPolicy {
    fileprivate var withoutLanding: BreakPolicy {
        var policy = self
        policy.landing = 0
        policy.inviteAt = 1_000
        return policy
    }

    fileprivate var withoutStagger: BreakPolicy {
        var policy = self
        policy.inviteAt = 1_000
        policy.teamShareMax = 1_000
        return policy
    }
}
