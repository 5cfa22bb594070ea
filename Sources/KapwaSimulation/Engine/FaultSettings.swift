import KapwaDomain

/// What goes wrong, and how often. Each kind is on or off by the seed, so that a world rarely has all of them.
public struct FaultSettings: Sendable, Hashable {
    /// The fault matrix. Rates are in a thousand: of messages for those of the line, of batches for those of the disk,
    /// of agents for theirs.
    public enum Kind: String, CaseIterable, Sendable {
        case drop, duplicate, reorder, delay, disconnect
        case neverAnswers = "never_answers"
        case doubleAccept = "double_accept"
        case clockStall = "clock_stall"
        case clockJump = "clock_jump"
        case commitFails = "commit_fails"
        case tornTail = "torn_tail"
        case lostTail = "lost_tail"
        case bitFlip = "bit_flip"
        case diskFull = "disk_full"
        case reload
        case stop

        /// Most of a thousand.
        var worst: Int {
            switch self {
            case .drop, .duplicate, .reorder, .delay: 100
            case .disconnect: 20
            case .neverAnswers: 300
            case .doubleAccept, .bitFlip: 500
            case .clockStall, .clockJump, .reload: 10
            case .commitFails, .tornTail, .lostTail, .diskFull, .stop: 8
            }
        }
    }

    /// In a thousand; absent: off. In the order of the kinds.
    public private(set) var rates: [Rate] = []
    /// For what is drawn while it runs.
    public let seed: UInt64

    public struct Rate: Sendable, Hashable {
        public var kind: Kind
        public var thousandths: Int
    }

    public init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for kind in Kind.allCases {
            let rate = 1 + generator.pick(0..<kind.worst)
            if generator.isLucky(500) { rates.append(Rate(kind: kind, thousandths: rate)) }
        }
        self.seed = generator.next()
    }

    /// One kind alone, as often as it ever is.
    public init(only kind: Kind, seed: UInt64) {
        rates = [Rate(kind: kind, thousandths: kind.worst)]
        self.seed = seed
    }

    public func rate(of kind: Kind) -> Int { rates.first { $0.kind == kind }?.thousandths ?? 0 }
}
