public import KapwaDomain

/// Everything that a decision about one conversation is made of, as it stood at one point of the journal.
///
/// Made by ``Router/explain(conversation:at:)`` from the same tests and the same cost that decide, so that it cannot
/// say anything else than what was decided. Stress and its like stand in it as they are: whoever shows it to others
/// than the agent shows ``Decision/Candidate/care`` instead.
public struct Explanation: Sendable, Hashable {
    public var conversation: ConversationID
    public var episode = 1
    public var channel = Channel.chat
    public var phase = ConversationPhase.open
    /// The state is the fold of all events up to this one.
    public var sequence: Int64 = 0
    public var at = Instant(milliseconds: 0)
    /// From when on it waits.
    public var since = Instant(milliseconds: 0)
    /// Where it stands; `nil` before it was ever queued, and once it is closed.
    public var placement: Placement?
    /// Its place among everything that waits, from 1; `nil` when it does not wait.
    public var place: Int?
    /// What its minutes of head start come from, in a fixed order; what was gained earlier and kept comes last.
    public var points: [PointSource] = []
    /// The queue's steps, the first one with all needs included.
    public var steps: [StepStanding] = []
    public var mood = Tags()
    public var isHard = false
    /// Why nobody is asked yet although somebody passes.
    public var waitsFor: Wait?
    /// The agent who has it or is offered it.
    public var agent: AgentID?
    /// Every agent there is, ascending by id.
    public var agents: [AgentOutcome] = []
    /// Counts, and the two cheapest of those who passed: what a decision record would say, ``Decision/round`` included.
    public var decision = Decision()
    public var mode = Mode.enforce

    public init(conversation: ConversationID) { self.conversation = conversation }

    /// The candidates who passed, cheapest first.
    public var passed: [Decision.Candidate] {
        agents.compactMap { outcome in
            if case .passed(let candidate) = outcome.verdict { candidate } else { nil }
        }.sorted { ($0.cost, $0.agent) < ($1.cost, $1.agent) }
    }

    /// Minutes of head start from one source.
    public struct PointSource: Sendable, Hashable {
        public enum Source: String, CaseIterable, Sendable {
            case priority, urgency, distress, family
            case badExperiences = "bad_experiences"
            /// Rules of the site's own, and what was gained earlier: points never fall while waiting.
            case other
        }
        public var source: Source
        public var points: Int
    }

    /// One step of the queue and what became of it.
    public struct StepStanding: Sendable, Hashable {
        /// From 0, which has all needs.
        public var step: Int
        public var needs: Skills
        public var state: StepState
        /// How long after the one before it begins; 0 of the first.
        public var after: Milliseconds
    }

    /// What keeps a conversation waiting apart from hard tests.
    public enum Wait: Sendable, Hashable {
        /// Only agents whom it should not burden pass: it is held for another.
        case held(reason: String?, until: Instant)
        /// An agent takes nothing else until it fits.
        case reserved(agent: AgentID, until: Instant)
        /// The queue is closed until then.
        case closed(until: Instant?)
        /// One agent alone is asked until then.
        case only(agent: AgentID, until: Instant)
        /// No agent of any presence has what is needed.
        case unroutable
    }
}

/// How one agent stood to the conversation.
public struct AgentOutcome: Sendable, Hashable {
    public var agent: AgentID
    public var verdict: Verdict

    public enum Verdict: Sendable, Hashable {
        case failed(FailedTest)
        /// Passed every test and was no candidate: another agent alone was to be asked, or the team's mode binds
        /// nobody.
        case notAsked(NotAsked)
        case passed(Decision.Candidate)
    }

    public enum NotAsked: String, CaseIterable, Sendable {
        case anotherAlone = "another_alone"
        case mode
        case closed
    }
}

/// The first hard test that an agent failed, with the figures that failed it. Only what belongs to the test is there.
public struct FailedTest: Sendable, Hashable {
    public var test: HardTest
    /// `not_ready`: what the agent was instead.
    public var presence: Presence?
    /// `not_ready`: since when; `break_owed`, `on_break`, `wrap_up`, `reserved`, `negative_affinity`, `declined`: until
    /// when, of an owed break the latest start.
    public var since: Instant?
    public var until: Instant?
    /// `break_owed`, `on_break`.
    public var kind: BreakKind?
    /// `skill`.
    public var skill: SkillID?
    public var needed: Int?
    public var has: Int?
    /// `capacity`.
    public var load: Int?
    public var units: Int?
    public var capacity: Int?
    /// `wrap_up`, `reserved`: which conversation the agent is kept for.
    public var conversation: ConversationID?
    /// `declined`: how often the agent declined or did not answer.
    public var times: Int?

    public init(_ test: HardTest) { self.test = test }
}
