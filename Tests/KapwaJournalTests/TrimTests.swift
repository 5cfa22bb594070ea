import Foundation
import GRDB
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct TrimTests {
    let scratch: Scratch
    let data: String

    init() throws {
        scratch = try Scratch()
        data = scratch.data()
    }

    private func filled(_ count: Int64) throws -> SQLiteJournal {
        let journal = try opened(data)
        try journal.append(entries: entries(1...count), remembered: [])
        try journal.append(entries: entries(1...20, tenant: "other"), remembered: [])
        return journal
    }

    @Test("What is trimmed is gone, the rest verifies, is read and goes on as before")
    func trim() throws {
        let journal = try filled(100)
        #expect(try journal.trim("main", through: 60, limit: 25) == true)
        #expect(try JournalReader(directory: data).first("main") == 26)
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
        #expect(try journal.trim("main", through: 60, limit: 100) == false)
        #expect(try journal.trim("main", through: 60, limit: 100) == false)
        try journal.append(entries: entries(101...110), remembered: [])
        try journal.close()

        let report = try JournalVerifier(directory: data).verify()
        #expect(report.fault == nil)
        #expect(report.tenants.map(\.entries) == [50, 20])
        #expect(report.tenants.map(\.head) == [110, 20])
        #expect(try stored(data) == entries(61...110))
        let page = try JournalReader(directory: data).events(
            tenant: "main", after: 0, limit: 10, types: nil, maxBytes: 1_000_000)
        #expect(page.first == 61)
        try opened(data).close()
    }

    @Test("Personal parts of one type go up to a sequence, a few at a time; the others stay, and the chain verifies")
    func eraseType() throws {
        let journal = try filled(60)
        var steps = 1
        while try journal.erasePersonalParts(of: "main", type: "offer.made", through: 40, limit: 7) { steps += 1 }
        #expect(steps == 6)
        try journal.close()
        let left = try stored(data)
        for (before, after) in zip(entries(1...60), left) {
            let isErased = before.type == "offer.made" && before.sequence <= 40
            #expect(after.publicPart == before.publicPart)
            #expect(after.personalPart == (isErased ? nil : before.personalPart), "entry \(before.sequence)")
        }
        #expect(left.count { $0.personalPart == nil && $0.sequence % 3 == 0 } == 6)
        let report = try JournalVerifier(directory: data).verify()
        #expect(report.fault == nil && report.forgotten == 6)
        // It goes on where it ended, whatever else happened meanwhile.
        let again = try opened(data)
        #expect(try again.erasePersonalParts(of: "main", type: "offer.made", through: 40, limit: 1_000) == false)
        #expect(try again.erasePersonalParts(of: "main", type: "offer.made", through: 1_000, limit: 1_000) == false)
        #expect(try again.erasePersonalParts(of: "nobody", type: "offer.made", through: 9, limit: 9) == false)
        try again.close()
        #expect(try JournalVerifier(directory: data).verify().forgotten == 10)
    }

    @Test("The last entry is never trimmed")
    func last() throws {
        let journal = try filled(5)
        #expect(try journal.trim("main", through: 1_000, limit: 1_000) == false)
        #expect(try journal.trim("nobody", through: 1_000, limit: 1_000) == false)
        try journal.close()
        #expect(try stored(data) == entries(5...5))
        let again = try opened(data)
        try again.append(entries: entries(6...7), remembered: [])
        try again.close()
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
    }

    @Test("Whatever is changed about where the journal begins is noticed")
    func anchor() throws {
        let journal = try filled(50)
        _ = try journal.trim("main", through: 20, limit: 100)
        try journal.close()
        let sound = try Data(contentsOf: URL(fileURLWithPath: scratch.file(data)))
        for sql in [
            "DELETE FROM meta WHERE name = 'anchor:1'", "UPDATE meta SET value = x'00' WHERE name = 'anchor:1'",
            "UPDATE meta SET value = zeroblob(40) WHERE name = 'anchor:1'",
            "DELETE FROM entry WHERE position & 281474976710655 = 21 AND position >> 48 = 1",
        ] {
            try sound.write(to: URL(fileURLWithPath: scratch.file(data)))
            try tamper(data, sql)
            #expect(try JournalVerifier(directory: data).verify().fault != nil, "\(sql)")
        }
    }

    @Test("Entries of an instant are found by halving, also where the journal begins later")
    func instants() throws {
        let journal = try filled(50)
        let reader = try JournalReader(directory: data)
        for trimmed in [0, 20] as [Int64] {
            _ = try journal.trim("main", through: trimmed, limit: 100)
            #expect(try reader.lastEntry("main", before: noon) == trimmed)
            #expect(try reader.lastEntry("main", before: noon + 31) == 30)
            #expect(try reader.lastEntry("main", before: noon + 1_000) == 50)
        }
        #expect(try reader.lastEntry("nobody", before: noon) == 0)
        try journal.close()
    }

    @Test("A copy of a trimmed journal without a snapshot to begin at is refused, and taken with one")
    func copies() throws {
        let journal = try filled(50)
        _ = try journal.trim("main", through: 20, limit: 100)
        let backup = JournalBackup { _ in }
        guard case .corrupt = failure({ _ = try backup.make(of: data, to: scratch.data("without")) }) else {
            Issue.record("a copy that nobody can start on was taken")
            return
        }
        try SnapshotStore(directory: data).write(
            Snapshot(
                tenant: "main", sequence: 30, chain: String(repeating: "ab", count: 32), rules: "", madeAt: noon,
                form: 1,
                state: [1][...]))
        #expect(try backup.make(of: data, to: scratch.data("with")).snapshots == 1)
        try journal.close()
    }

    @Test("Names and salts that nothing refers to any longer go, those that came back stay")
    func subjects() throws {
        let journal = try opened(data)
        try journal.append(
            entries: (Int64(1)...30).map { number in
                var entry = entry(number)
                entry.personalPart = [1]
                entry.subject = "customer:C\(number)"
                return entry
            }, remembered: [])
        _ = try journal.trim("main", through: 20, limit: 100)
        var unused = try JournalReader(directory: data).unusedSubjects("main")
        #expect(unused.numbers.count == 20)
        #expect(unused.upTo == 30)
        var back = entry(31)
        back.personalPart = [2]
        back.subject = "customer:C3"
        try journal.append(entries: [back], remembered: [])
        #expect(try journal.drop(&unused, of: "main", limit: 12) == 12)
        #expect(try journal.drop(&unused, of: "main", limit: 12) == 7)
        #expect(unused.numbers == [])
        try journal.append(
            entries: [
                JournalEntry(
                    tenant: "main", sequence: 32, at: noon + 100, type: "agent.updated", publicPart: [1],
                    personalPart: [3], subject: "customer:C4")
            ], remembered: [])
        try journal.close()
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
        #expect(try JournalReader(directory: data).unusedSubjects("main").numbers == [])
    }
}
