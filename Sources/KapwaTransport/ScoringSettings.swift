public import KapwaDomain

/// Which workers are taken, and how they are used.
public struct ScoringSettings: Sendable {
    /// A worker must say the same version and lexicon; a mixed crew would score the same text in two ways.
    public var version: String
    public var lexicon: String
    public var workersMax = Limits.workersMax
    public var batchesPerWorkerMax = Limits.batchesPerWorkerMax
    public var textsPerBatchMax = Limits.textsPerBatchMax
    public var batchesMax = Limits.scoringBatchesMax
    /// A batch that is not scored in this time goes to another worker.
    public var batchMax: Milliseconds = .seconds(1)
    /// A worker that says nothing for this long has vanished.
    public var silenceMax: Milliseconds = .seconds(2)
    /// How often each side says that it lives.
    public var heartbeatInterval: Milliseconds = 500
    /// How long a worker that missed a deadline, but lives, gets nothing new.
    public var stallMax: Milliseconds = .seconds(10)
    /// Workers that may fail at a batch before it is returned unscored.
    public var attemptsMax = 2

    public init(version: String = "", lexicon: String = "") {
        self.version = version
        self.lexicon = lexicon
    }
}
