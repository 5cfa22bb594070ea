import Foundation
import KapwaDomain
import KapwaJournal
import KapwaSimulation

/// A journal on a disk that changes single bits: each change is noticed, or changes nothing that is told.
public struct BitFlips {
    public struct Report: Sendable {
        public var flips = 0
        /// Refused when opened, or named by the verification.
        public var noticed = 0
        /// Of no consequence: the journal verifies, and its export is the same to the last byte.
        public var harmless = 0
        /// Verified, and told otherwise.
        public var failures: [String] = []

        public init() {}
    }

    private static let tenant: TenantID = "main"
    private static let noon = Instant(milliseconds: 1_795_262_400_000)

    private let place: String
    private let path: String
    private let original: [UInt8]
    private let exported: [UInt8]

    /// Makes a journal of so many events.
    ///
    /// - Parameter place: a directory of this run alone; removed by ``end()``.
    public init(events: Int, place: String) throws {
        self.place = place
        let journal = try SQLiteJournal(directory: place, now: Self.noon)
        let text = Array("queues: [{id: main}]".utf8)
        try journal.storeRules(text: text, hash: Checksum.sha256Hex(text))
        var random = SeededGenerator(seed: 7)
        for first in stride(from: 1, through: events, by: 100) {
            let numbers = first...min(events, first + 99)
            try journal.append(
                entries: numbers.map { Self.entry($0, &random) },
                remembered: [Self.reply(first), Self.reply(first + 1)])
        }
        try journal.forget(tenant: Self.tenant, subject: "customer:c3")
        let day = JournalDay(of: Self.noon + .days(1))
        let last = try JournalReader(directory: place).lastEntry(Self.tenant, before: day.start)
        _ = try journal.eraseKeys(of: Self.tenant, before: day, through: last)
        try journal.close()
        path = place + "/" + SQLiteJournal.fileName
        original = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        exported = try Self.export(place)
    }

    /// Bits in its file.
    public var bits: Int { original.count * 8 }

    public func end() { try? FileManager.default.removeItem(atPath: place) }

    /// Flips bits, one at a time.
    public func play(_ bits: some Sequence<Int>) throws -> Report {
        var report = Report()
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw Finding("\(path) cannot be opened") }
        defer { try? file.close() }
        for bit in bits {
            let byte = original[bit / 8]
            try Self.write(byte ^ (1 << UInt8(bit % 8)), at: bit / 8, file)
            report.flips += 1
            if try isNoticed() {
                report.noticed += 1
            } else if (try? Self.export(place)) == exported {
                report.harmless += 1
            } else {
                report.failures.append("bit \(bit % 8) of byte \(bit / 8): verified, and told otherwise")
            }
            try Self.write(byte, at: bit / 8, file)
            // What opening made of a file that says it has a log.
            for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
        }
        return report
    }

    private static func write(_ byte: UInt8, at place: Int, _ file: FileHandle) throws {
        try file.seek(toOffset: UInt64(place))
        try file.write(contentsOf: Data([byte]))
    }

    private func isNoticed() throws -> Bool {
        do throws(JournalError) {
            return try JournalVerifier(directory: place).verify().fault != nil
        } catch {
            return true
        }
    }

    /// Everything that the journal tells, as bytes.
    private static func export(_ place: String) throws -> [UInt8] {
        let reader = try JournalReader(directory: place)
        var bytes: [UInt8] = []
        for tenant in try reader.tenants() {
            try reader.replay(tenant: tenant, from: 1) { entry in
                bytes += Array("\(tenant) \(entry.sequence) \(entry.at.milliseconds) \(entry.type) ".utf8)
                bytes += Array("\(entry.version) \(entry.subject ?? "-") ".utf8)
                bytes += entry.publicPart + [10] + (entry.personalPart ?? []) + [10] + (entry.sealedPart ?? []) + [10]
            }
        }
        return bytes
    }

    // MARK: What is in it

    private static func entry(_ number: Int, _ random: inout SeededGenerator) -> JournalEntry {
        let isPersonal = number % 3 == 0
        let words = String(repeating: "word ", count: random.pick(1...9))
        return JournalEntry(
            tenant: tenant, sequence: Int64(number), at: noon + .minutes(10) * Int64(number),
            type: ["conversation.opened", "conversation.tagged", "offer.made"][number % 3],
            publicPart: Array("{\"seq\":\(number),\"conversation\":\"k\(random.next())\",\"to\":\"\(words)\"}".utf8),
            personalPart: isPersonal ? Array("{\"customer\":\"c\(number % 10)\",\"topic\":\"\(words)\"}".utf8) : nil,
            subject: isPersonal ? "customer:c\(number % 10)" : nil,
            sealedPart: number % 4 == 0 ? Array("{\"points\":\(number)}".utf8) : nil)
    }

    private static func reply(_ number: Int) -> RememberedReply {
        RememberedReply(
            tenant: tenant, sender: "middleware", id: CommandID("command-\(number)"), hash: (UInt64(number), 1),
            reply: Array("{\"ok\":true,\"seq\":\(number)}".utf8), at: noon)
    }
}
