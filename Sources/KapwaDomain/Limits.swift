/// Every bound that Kapwa keeps, in one place; a queue, list or text without a row here is a defect.
public enum Limits {
    // MARK: Wire

    public static let framesPerMessageMax = 1_000
    public static let commandBytesMax = 64 * 1_024
    /// A frame above this cuts the connection (`ZMQ_MAXMSGSIZE`).
    public static let frameBytesMax = 1_024 * 1_024
    public static let messageBytesMax = 4 * 1_024 * 1_024
    public static let jsonDepthMax = 8
    public static let identifierBytesMax = 128
    public static let tenantBytesMax = 32
    /// Names, topics and reasons.
    public static let labelBytesMax = 256
    public static let textBytesMax = 32 * 1_024
    public static let commentBytesMax = 4 * 1_024
    public static let skillsMax = 64
    public static let skillLevels = 1...5
    public static let attributesMax = 32
    public static let capacities = 1...1_000
    public static let priorities = 0...100
    public static let leaseSeconds: ClosedRange<Int> = 10...3_600
    public static let breakMinutes = 1...240
    /// How far ahead of the daemon's clock a sender's `at` may lie.
    public static let clockSkewMax: Milliseconds = .minutes(5)
    public static let retryAfter: ClosedRange<Milliseconds> = 100...30_000
    public static let listsMax = 64

    // MARK: Reads

    public static let eventsPerReadDefault = 1_000
    public static let eventsPerReadMax = 10_000
    public static let readReplyBytesMax = 1_024 * 1_024
    public static let readWaitMax: Milliseconds = .seconds(30)
    public static let readWaitersMax = 1_000
    public static let rowsPerReadDefault = 100
    public static let rowsPerReadMax = 1_000

    // MARK: Pipeline

    /// Commands between the sockets and the router. Openings are refused at 60 %, most else at 90 %.
    public static let mailboxCommandsMax = 20_000
    public static let mailboxOpeningsRatio = 0.60
    public static let mailboxMostRatio = 0.90
    /// Commands that the router decides before it commits.
    public static let batchCommandsMax = 1_024
    public static let repliesPerPeerMax = 20_000
    public static let workersMax = 256

    // MARK: Idempotency

    public static let rememberedCommandsMax = 1_000_000
    public static let rememberedFor: Milliseconds = .hours(24)

    // MARK: Routing

    public static let tenantsMax = 64
    public static let agentsMax = 100_000
    public static let conversationsMax = 1_000_000
    public static let closedConversationsMax = 1_000_000
    public static let queuesMax = 1_000
    public static let pointsMax = 240
    /// Agents and conversations that one round of matching looks at.
    public static let matchingRoundMax = 200
    public static let hardContactsRememberedMax = 256
    public static let barsPerConversationMax = 1_000

    // MARK: Sentiment

    public static let lexiconRowsMax = 200_000
    public static let lexiconFileBytesMax = 32 * 1_024 * 1_024
    public static let evidencePerMessageMax = 32
    public static let safetyFlagsPerMessageMax = 8
    /// Words of one lexicon phrase.
    public static let phraseWordsMax = 12
    public static let rulesFileBytesMax = 1_024 * 1_024

    // MARK: Metrics

    /// Series of one family; what comes after is counted under `other="true"`.
    public static let seriesPerFamilyMax = 1_000
}
