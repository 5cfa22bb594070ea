import Foundation
import KapwaDomain
import KapwaJournal

/// A journal with bytes changed, and the snapshot beside it: the change is noticed, or nothing is told otherwise.
///
/// An input is a list of changes of four bytes each: three say where (modulo the length, big-endian), one what stands
/// there from now on. One to three bytes left over cut the file off. The first byte of all chooses: odd the snapshot, even the
/// journal, and if its second bit is set, a daemon goes on writing it.
final class JournalChecks {
    private static let tenants: [TenantID] = ["main", "other"]
    private static let noon = Instant(milliseconds: 1_795_262_400_000)

    private let place: String
    private let journal: String
    private let snapshot: SnapshotFile
    private let journalBytes: [UInt8]
    private let snapshotBytes: [UInt8]
    private let snapshotRead: Snapshot
    private let exported: [UInt8]

    /// Makes the journal.
    init(place: String) throws {
        self.place = place
        journal = place + "/" + SQLiteJournal.fileName
        try? FileManager.default.removeItem(atPath: place)
        let writer = try SQLiteJournal(directory: place, now: Self.noon)
        let text = Array("queues: [{id: main}]".utf8)
        try writer.storeRules(text: text, hash: Checksum.sha256Hex(text))
        for tenant in Self.tenants {
            try writer.append(
                entries: (1...60).map { Self.entry(tenant, $0) },
                remembered: (1...5).map { Self.reply(tenant, $0) })
        }
        _ = try writer.forget(tenant: "main", subject: "customer:c3")
        let day = JournalDay(of: Self.noon + .days(1))
        let last = try JournalReader(directory: place).lastEntry("main", before: day.start)
        _ = try writer.eraseKeys(of: "main", before: day, through: last)
        try writer.close()
        journalBytes = Array(try Data(contentsOf: URL(fileURLWithPath: journal)))
        exported = try Self.export(place)
        snapshotRead = Snapshot(
            tenant: "main", sequence: 40, chain: String(repeating: "ab", count: 32), rules: Checksum.sha256Hex(text),
            madeAt: Self.noon, form: 1, state: Array("what was true".utf8)[...])
        snapshot = try SnapshotStore(directory: place).write(snapshotRead)
        snapshotBytes = Array(try Data(contentsOf: URL(fileURLWithPath: snapshot.path)))
    }

    /// Feeds one input; gives what does not hold.
    func faults(_ input: [UInt8]) -> [String] {
        guard let choice = input.first else { return [] }
        let changes = Array(input.dropFirst())
        do {
            return choice & 1 == 0
                ? try journalFaults(changes, isWrittenOn: choice & 2 != 0) : try snapshotFaults(changes)
        } catch {
            return ["the input could not be tried: \(error)"]
        }
    }

    /// The file with an input's changes.
    private static func changed(_ original: [UInt8], _ changes: [UInt8]) -> [UInt8] {
        var bytes = original
        var rest = changes[...]
        while rest.count >= 4 {
            let change = Array(rest.prefix(4))
            rest = rest.dropFirst(4)
            let spot = change.prefix(3).reduce(0) { $0 << 8 | Int($1) } % bytes.count
            bytes[spot] = change[3]
        }
        if !rest.isEmpty { bytes.removeLast(bytes.count - rest.reduce(0) { $0 << 8 | Int($1) } % bytes.count) }
        return bytes
    }

    // MARK: The journal

    private func journalFaults(_ changes: [UInt8], isWrittenOn: Bool) throws -> [String] {
        let bytes = Self.changed(journalBytes, changes)
        try write(bytes, to: journal)
        let isNoticed = isNoticed()
        // Told or not: nothing that is read of it ends the process.
        let told = try? Self.export(place)
        let faults = !isNoticed && told != exported ? ["verified, and told otherwise"] : []
        guard isWrittenOn else { return faults }
        try write(bytes, to: journal)
        if let writer = try? SQLiteJournal(directory: place, now: Self.noon) {
            let next = writer.head("main") &+ 1
            if (1...1_000).contains(next) {
                _ = try? writer.append(entries: [Self.entry("main", Int(next))], remembered: [Self.reply("main", 99)])
            }
            try? writer.close()
        }
        return faults
    }

    private func isNoticed() -> Bool {
        do throws(JournalError) {
            return try JournalVerifier(directory: place).verify().fault != nil
        } catch {
            return true
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        // What opening made of a file that says it has a log.
        for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
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
            _ = try reader.lastEntry(tenant, before: noon + .days(1))
            _ = try reader.replayStart(tenant)
            _ = try reader.oldestKey(tenant)
            _ = try reader.events(tenant: tenant, after: 3, limit: 20, types: ["offer.made"], maxBytes: 10_000)
        }
        return bytes
    }

    // MARK: The snapshot

    private func snapshotFaults(_ changes: [UInt8]) throws -> [String] {
        let bytes = Self.changed(snapshotBytes, changes)
        try write(bytes, to: snapshot.path)
        guard let read = try? SnapshotStore(directory: place).read(snapshot) else {
            return bytes == snapshotBytes ? ["a sound snapshot is refused"] : []
        }
        return read == snapshotRead ? [] : ["a snapshot was read, and is another"]
    }

    // MARK: What is in it

    private static func entry(_ tenant: TenantID, _ number: Int) -> JournalEntry {
        let isPersonal = number % 3 == 0
        let words = String(repeating: "word ", count: number % 9)
        return JournalEntry(
            tenant: tenant, sequence: Int64(number), at: noon + .minutes(30) * Int64(number),
            type: ["conversation.opened", "conversation.tagged", "offer.made"][number % 3],
            publicPart: Array("{\"seq\":\(number),\"to\":\"\(words)\"}".utf8),
            personalPart: isPersonal ? Array("{\"customer\":\"c\(number % 10)\",\"topic\":\"\(words)\"}".utf8) : nil,
            subject: isPersonal ? "customer:c\(number % 10)" : nil,
            sealedPart: number % 4 == 0 ? Array("{\"points\":\(number)}".utf8) : nil)
    }

    private static func reply(_ tenant: TenantID, _ number: Int) -> RememberedReply {
        RememberedReply(
            tenant: tenant, sender: "middleware", id: CommandID("command-\(number)"), hash: (UInt64(number), 1),
            reply: Array("{\"ok\":true,\"seq\":\(number)}".utf8), at: noon)
    }
}
