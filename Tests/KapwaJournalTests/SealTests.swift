import Foundation
import GRDB
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct SealTests {
    private let scratch: Scratch
    private let data: String
    /// Entries of so many days, each with something sealed, the last one with something personal too.
    private static let days: Int64 = 5
    private static let perDay: Int64 = 4

    init() throws {
        scratch = try Scratch()
        data = scratch.data()
    }

    private static func sealed(_ sequence: Int64) -> JournalEntry {
        var sealed = entry(sequence)
        sealed.at = noon + .days((sequence - 1) / perDay) + sequence
        sealed.sealedPart = Array("heavy \(sequence)".utf8)
        return sealed
    }

    private static let all = (1...days * perDay).map { sealed($0) }

    private func filled() throws -> SQLiteJournal {
        let journal = try opened(data)
        try journal.append(entries: Self.all, remembered: [])
        try journal.append(entries: entries(1...8, tenant: "other"), remembered: [])
        return journal
    }

    private func files() -> [Data] {
        ["", "-wal"].compactMap { FileManager.default.contents(atPath: scratch.file(data, $0)) }
    }

    private func keys(_ directory: String) throws -> [[UInt8]] {
        try JournalReader(directory: directory).read("keys") { database throws(JournalError) in
            let rows = try PreparedStatement(database, "SELECT key FROM day_key ORDER BY tenant, day", path: "")
            var keys: [[UInt8]] = []
            while try rows.step(doing: "keys") { keys.append(rows.array(0)) }
            return keys
        }
    }

    @Test("What is sealed reads back, stands nowhere in the files, and each day and tenant has a key of its own")
    func seal() throws {
        let journal = try filled()
        #expect(try stored(data) == Self.all)
        #expect(try keys(data).count == Int(Self.days) + 1)
        for bytes in files() { #expect(bytes.range(of: Data("heavy".utf8)) == nil) }
        let page = try JournalReader(directory: data).events(
            tenant: "main", after: 3, limit: 2, types: nil, maxBytes: 1_000)
        #expect(page.entries == Array(Self.all[3...4]))
        try journal.close()
        let report = try JournalVerifier(directory: data).verify()
        #expect(report.fault == nil)
        #expect(report.sealedParts == 22 && report.erased == 0)
        // The same key after a start.
        let again = try opened(data)
        try again.append(entries: [Self.sealed(21)], remembered: [])
        try again.close()
        #expect(try stored(data).last == Self.sealed(21))
        #expect(try keys(data).count == Int(Self.days) + 2)
    }

    @Test("With the keys of days what these days have sealed is gone, nothing else is, and the chain verifies")
    func erase() throws {
        let journal = try filled()
        let old = try keys(data).prefix(3)
        let reader = try JournalReader(directory: data)
        #expect(try reader.replayStart("main") == 0)
        #expect(try reader.oldestKey("main") == JournalDay(of: noon))
        let day = JournalDay(of: noon + .days(3))
        #expect(try journal.eraseKeys(of: "main", before: day, through: 12))
        #expect(try reader.oldestKey("main") == day)
        #expect(try reader.replayStart("main") == 12)
        for (before, after) in zip(Self.all, try stored(data)) {
            var expected = before
            if before.sequence <= 12 { expected.sealedPart = nil }
            #expect(after == expected)
        }
        for bytes in files() {
            for key in old { #expect(bytes.range(of: Data(key)) == nil) }
        }
        // Others' keys stay, a second time changes nothing, and what comes goes on.
        #expect(try reader.oldestKey("other") == JournalDay(of: noon))
        #expect(try journal.eraseKeys(of: "main", before: day, through: 3))
        #expect(try journal.eraseKeys(of: "nobody", before: day, through: 3))
        #expect(try reader.replayStart("main") == 12)
        try journal.append(entries: [Self.sealed(21)], remembered: [])
        try journal.close()
        #expect(try stored(data).last == Self.sealed(21))
        let report = try JournalVerifier(directory: data).verify()
        #expect(report.fault == nil)
        #expect(report.sealedParts == 11 && report.erased == 12)
    }

    @Test("A reader that is at work keeps keys in the log at most until it is through")
    func reader() throws {
        let journal = try filled()
        let day = JournalDay(of: noon + .days(1))
        var answers: [Bool] = []
        let other = try DatabaseQueue(path: scratch.file(data))
        try other.read { database in
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM entry")
            answers.append(try journal.eraseKeys(of: "main", before: day, through: 4))
        }
        try other.close()
        answers.append(try journal.eraseKeys(of: "main", before: day, through: 4))
        #expect(answers == [false, true])
        #expect(try JournalReader(directory: data).replayStart("main") == 4)
        try journal.close()
    }

    @Test("Trimming beyond and short of erased keys")
    func trim() throws {
        let journal = try filled()
        let reader = try JournalReader(directory: data)
        #expect(try journal.eraseKeys(of: "main", before: JournalDay(of: noon + .days(2)), through: 8))
        _ = try journal.trim("main", through: 4, limit: 100)
        #expect(try reader.replayStart("main") == 8)
        _ = try journal.trim("main", through: 11, limit: 100)
        #expect(try reader.replayStart("main") == 11)
        // Keys are no subjects that somebody could find unused.
        #expect(try reader.oldestKey("main") == JournalDay(of: noon + .days(2)))
        try journal.close()
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
    }

    @Test("A key that a failed commit would have added is not used afterwards")
    func failedCommit() throws {
        var options = SQLiteJournal.Options()
        options.faults = { $0 == 1 ? .full : nil }
        let journal = try opened(data, options)
        #expect(throws: JournalError.self) { try journal.append(entries: [Self.all[0]], remembered: []) }
        try journal.append(entries: Self.all, remembered: [])
        try journal.close()
        #expect(try stored(data) == Self.all)
    }

    @Test("Whatever is changed about keys is noticed")
    func tampered() throws {
        let journal = try filled()
        _ = try journal.eraseKeys(of: "main", before: JournalDay(of: noon + .days(2)), through: 8)
        try journal.close()
        let sound = try Data(contentsOf: URL(fileURLWithPath: scratch.file(data)))
        for sql in [
            "DELETE FROM day_key WHERE day = (SELECT max(day) FROM day_key)",
            "UPDATE day_key SET key = randomblob(32) WHERE day = (SELECT max(day) FROM day_key)",
            "UPDATE day_key SET key = x'00' WHERE day = (SELECT max(day) FROM day_key)",
            "DELETE FROM meta WHERE name = 'keys_erased:1'", "UPDATE meta SET value = 7 WHERE name = 'keys_erased:1'",
            "UPDATE meta SET value = 9 WHERE name = 'keys_erased:1'",
            "UPDATE meta SET value = 999 WHERE name = 'keys_erased:1'",
            "UPDATE meta SET value = -1 WHERE name = 'keys_erased:1'",
            "INSERT INTO day_key SELECT tenant, min(day) - 1, key FROM day_key WHERE tenant = 1",
            "UPDATE entry SET version = version & 65535 WHERE position & 65535 = 17 AND position >> 48 = 1",
            "UPDATE entry SET version = -1 WHERE position & 65535 = 17 AND position >> 48 = 1",
            "UPDATE entry SET public = substr(public, 1, 30) WHERE position & 65535 = 17 AND position >> 48 = 1",
        ] {
            try sound.write(to: URL(fileURLWithPath: scratch.file(data)))
            try tamper(data, sql)
            #expect(try JournalVerifier(directory: data).verify().fault != nil, "\(sql)")
        }
    }

    @Test("The view for people shows the public part without what is sealed")
    func view() throws {
        try filled().close()
        let shown = try JournalReader(directory: data).read("view") { database throws(JournalError) in
            let rows = try PreparedStatement(
                database, "SELECT version, public FROM journal WHERE tenant = 'main' ORDER BY sequence", path: "")
            var shown: [JournalEntry] = []
            while try rows.step(doing: "view") {
                shown.append(
                    JournalEntry(
                        tenant: "main", sequence: 1, at: noon, type: "", version: Int(rows.integer(0)),
                        publicPart: rows.array(1)))
            }
            return shown
        }
        #expect(shown.map(\.version) == Self.all.map(\.version))
        #expect(shown.map(\.publicPart) == Self.all.map(\.publicPart))
    }

    @Test("A file of the version before reads as it is, and is brought up to date by a writer")
    func versionOne() throws {
        let journal = try opened(data)
        var old = entries(1...10)
        for index in old.indices { old[index].sealedPart = nil }
        try journal.append(entries: old, remembered: [])
        try journal.close()
        try tamper(data, "DROP TABLE day_key")
        try tamper(data, "PRAGMA user_version = 1")
        #expect(try stored(data) == old)
        #expect(try JournalReader(directory: data).replayStart("main") == 0)
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
        let writer = try opened(data)
        try writer.append(entries: entries(11...16), remembered: [])
        try writer.close()
        #expect(try stored(data) == old + entries(11...16))
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
    }
}
