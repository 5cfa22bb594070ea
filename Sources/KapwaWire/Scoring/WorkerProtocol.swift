public import KapwaDomain

/// What a scoring worker and the daemon say to each other.
///
/// A message is the header `KAPWAW1`, a frame with the message's name, and the frames of the name.
public enum WorkerMessage: Sendable, Hashable {
    /// Worker: here I am. One frame `{"version","lexicon","threads"}`.
    case ready(Greeting)
    /// Either side, when there is nothing else to say.
    case heartbeat
    /// Worker: a batch is scored. A frame with the batch's number, then one per text `{"n",…}`.
    case scores(batch: UInt64, [Scored])
    /// Worker: I stop; what I have not answered goes to another.
    case bye
    /// Daemon: texts to score. A frame with the batch's number, then one per text `{"n","conversation","text",…}`.
    case batch(UInt64, [Task])
    /// Daemon: I do not work with you. One frame `{"reason"}`.
    case refused(reason: String)

    /// Which worker it is.
    public struct Greeting: Sendable, Hashable {
        public var version: String
        /// Hash of its lexicon: all workers of a daemon score alike.
        public var lexicon: String
        public var threads: Int

        public init(version: String, lexicon: String, threads: Int) {
            self.version = version
            self.lexicon = lexicon
            self.threads = threads
        }
    }

    /// A text to score.
    public struct Task: Sendable, Hashable {
        /// Its number within the batch.
        public var number: Int
        public var conversation: ConversationID
        public var text: String
        /// What the sender said about the language.
        public var language: Assessment.Language?

        public init(
            number: Int, conversation: ConversationID, text: String, language: Assessment.Language? = nil
        ) {
            self.number = number
            self.conversation = conversation
            self.text = text
            self.language = language
        }
    }

    /// A text's scores.
    public struct Scored: Sendable, Hashable {
        /// Its number within the batch.
        public var number: Int
        public var assessment: Assessment

        public init(number: Int, assessment: Assessment) {
            self.number = number
            self.assessment = assessment
        }
    }

    /// Who speaks.
    public enum Side: Sendable { case worker, daemon }

    /// The message's name on the wire.
    public var name: String {
        switch self {
        case .ready: "READY"
        case .heartbeat: "HEARTBEAT"
        case .scores: "SCORES"
        case .bye: "BYE"
        case .batch: "BATCH"
        case .refused: "REFUSED"
        }
    }
}

/// Frames that are no message between a worker and the daemon.
public struct WorkerProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong and what would be right.
    public var description: String

    init(_ description: String) { self.description = description }
}
