import KapwaDomain
import KapwaJournal
import KapwaSimulation

/// What was promised so far, and what was under way when the power went.
struct PowerCutTruth {
    static let tenant: TenantID = "main"
    static let noon = Instant(milliseconds: 1_795_262_400_000)

    /// Sequence of the last entry that was acknowledged.
    private(set) var head: Int64 = 0
    var rules: [String: [UInt8]] = [:]
    /// Acknowledged entries, then those under way.
    private var entries: [JournalEntry] = []
    private var replies: [RememberedReply] = []
    private var repliesUnderWay: [RememberedReply] = []
    /// Sequences whose personal part is gone for certain, and those whose part may be.
    private var forgotten: Set<Int64> = []
    private var perhapsForgotten: Set<Int64> = []

    static func subject(_ number: Int) -> String { "customer:C\(number)" }

    var repliesThatMustBeThere: [RememberedReply] { replies.suffix(20) }

    mutating func nextBatch(
        _ random: inout SeededGenerator
    ) -> (entries: [JournalEntry], replies: [RememberedReply]) {
        var batch: [JournalEntry] = []
        for offset in 1...Int64(random.pick(1...6)) {
            let sequence = Int64(entries.count) + 1
            precondition(sequence == head + offset, "a batch continues what was acknowledged")
            let isPersonal = random.isLucky(400)
            let entry = JournalEntry(
                tenant: Self.tenant, sequence: sequence, at: Self.noon + sequence,
                type: random.pick(["offer.made", "agent.updated", "break.owed"]),
                publicPart: Self.bytes(random.pick([20, 300, 2_500]), &random),
                personalPart: isPersonal ? Self.bytes(40, &random) : nil,
                subject: isPersonal ? Self.subject(random.pick(0..<3)) : nil,
                sealedPart: random.isLucky(300) ? Self.bytes(30, &random) : nil)
            batch.append(entry)
            entries.append(entry)
        }
        repliesUnderWay = [
            RememberedReply(
                tenant: Self.tenant, sender: "middleware", id: CommandID("c\(head + 1)-\(random.next())"),
                hash: (random.next(), random.next()), reply: Self.bytes(60, &random), at: Self.noon + head)
        ]
        return (batch, repliesUnderWay)
    }

    mutating func acknowledge() {
        head = Int64(entries.count)
        replies += repliesUnderWay
        repliesUnderWay = []
    }

    mutating func beginForgetting(_ subject: String) {
        perhapsForgotten.formUnion(entries.filter { $0.subject == subject }.map(\.sequence))
    }

    mutating func endForgetting(_ subject: String) {
        forgotten.formUnion(entries.filter { $0.subject == subject }.map(\.sequence))
    }

    /// Holds what is there against what was promised.
    func compare(_ found: [JournalEntry]) throws(Finding) {
        guard found.count >= head else { throw Finding("\(head) entries were acknowledged, \(found.count) are there") }
        guard found.count == head || found.count == entries.count else {
            throw Finding("a batch is half there: \(found.count) of \(head)…\(entries.count)")
        }
        for (expected, found) in zip(entries, found) {
            var bare = expected
            bare.personalPart = nil
            bare.subject = nil
            let isWhole = found == expected && !forgotten.contains(expected.sequence)
            let isBare = found == bare && (expected.subject == nil || perhapsForgotten.contains(expected.sequence))
            guard isWhole || isBare else { throw Finding("entry \(expected.sequence) is not what was written") }
        }
    }

    /// What is there now is the truth from now on: what was under way is either acknowledged or never was.
    mutating func adopt(_ found: [JournalEntry]) {
        if found.count > head { replies += repliesUnderWay }
        repliesUnderWay = []
        for (expected, found) in zip(entries, found) where expected.subject != nil && found.subject == nil {
            forgotten.insert(expected.sequence)
        }
        entries = Array(entries.prefix(found.count))
        perhapsForgotten = forgotten
        head = Int64(found.count)
    }

    private static func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
