/// Terms of the cost of a pair, each 0…1000 before its weight.
public struct CostTerms: Sendable, Hashable {
    public var load = 0
    public var stress = 0
    public var share = 0
    public var overSkill = 0
    public var idle = 0
    public var sticky = 0
    public var prefer = 0
    public var language = 0

    public init() {}
}

/// A test that a pair must pass; in this order, the first failure is kept.
public enum HardTest: String, CaseIterable, Sendable {
    case notReady = "not_ready"
    case breakOwed = "break_owed"
    case onBreak = "on_break"
    case wrapUp = "wrap_up"
    case skill, capacity, reserved
    case negativeAffinity = "negative_affinity"
    case transferredFrom = "transferred_from"
    case declined
}

/// Why this agent: what can be read again tomorrow.
public struct Decision: Sendable, Hashable {
    /// An agent that passed every hard test, with what it would have cost.
    public struct Candidate: Sendable, Hashable {
        public var agent: AgentID
        /// `1_000_000 × tier + Σ weight × term`; smaller is better.
        public var cost: Int
        /// `8·declined_before + 4·streak_cap + 2·(landing and hard) + 1·landing`.
        public var tier: Int
        public var terms: CostTerms

        public init(agent: AgentID, cost: Int, tier: Int = 0, terms: CostTerms) {
            self.agent = agent
            self.cost = cost
            self.tier = tier
            self.terms = terms
        }
    }

    public var winner = Candidate(agent: "", cost: 0, terms: CostTerms())
    public var runnerUp: Candidate?
    /// Agents that passed.
    public var eligible = 0
    /// How many agents failed which test first, in the tests' order; zero counts left out.
    public var failed: [Failure] = []
    /// Mood of the conversation when it was decided.
    public var tags = Tags()
    /// Hash of the rules in force, and how many changes came before.
    public var rules: String = ""
    public var rulesVersion = 0
    /// The last event before the round of matching that decided: a replay up to it shows every candidate as it was.
    public var round: Int64 = 0
    /// Hash of the lexicon in force.
    public var lexicon: String = ""

    public struct Failure: Sendable, Hashable {
        public var test: HardTest
        public var agents: Int

        public init(test: HardTest, agents: Int) {
            self.test = test
            self.agents = agents
        }
    }

    public init() {}
}

/// What the agent should know before saying hello. Private to the agent.
public struct Brief: Sendable, Hashable {
    public var mood = Tags()
    public var trend: Mood.Trend = .steady
    public var language: Assessment.Language = .other
    public var asksFor: Assessment.Wish?
    /// Personal.
    public var topic: String?
    public var waitedMilliseconds: Milliseconds = 0
    public var episode = 1
    public var lastAgent: AgentID?
    /// The site's own protocol, when somebody may be in danger.
    public var safety: String?
    /// What to do while an incident of its topic lasts.
    public var incident: String?

    public init() {}
}

/// An agent is asked to take a conversation.
public struct OfferMade: EventContent {
    public var offer: OfferID = ""
    public var conversation: ConversationID = ""
    public var episode = 1
    public var agent: AgentID = ""
    public var queue: QueueID = ""
    public var step = 0
    public var needs = Skills.none
    public var units = 0
    /// The agent's load without this contact.
    public var load = 0
    /// Admitted capacity: load + units never exceeds it.
    public var capacity = 0
    public var rank: Int64 = 0
    public var expiresAt = Instant(milliseconds: 0)
    public var decision = Decision()
    public var brief = Brief()

    public init() {}
}

/// In modes `observe` and `advise`: who would have been asked. No offer: no load, no expiry.
public struct OfferAdvised: EventContent {
    public var conversation: ConversationID = ""
    public var episode = 1
    public var agent: AgentID = ""
    /// `advise` when the agent is told too.
    public var mode: Mode = .observe
    public var decision = Decision()

    public init() {}
}

/// An offer was declined, expired or withdrawn.
public struct OfferEnded: EventContent {
    public var offer: OfferID = ""
    public var conversation: ConversationID = ""
    public var episode = 1
    public var agent: AgentID = ""
    /// `withdrawn`: `break_owed`, `away`, `offline`, `no_longer_fits`, `closed`, `assigned`, `transfer`, `removed`,
    /// `mode`;
    /// `expired`: `no_answer`, `restart`, `broken_feed`; `declined`: the agent's words.
    public var reason: Reason?
    /// Until when the pair is barred.
    public var barredUntil: Instant?
    /// Whether it counts towards the three that set an agent away.
    public var strike = false

    public init() {}
}
