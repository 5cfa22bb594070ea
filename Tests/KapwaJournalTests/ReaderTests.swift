import Foundation
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct ReaderTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("A page says how far it looked, where the journal ends and where it begins", arguments: Kind.allCases)
    func pages(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        try journal.append(entries: entries(1...100), remembered: [])
        var page = try reader.events(tenant: "main", after: 0, limit: 30, types: nil, maxBytes: .max)
        #expect(page.entries == entries(1...30))
        #expect((page.next, page.head, page.first) == (30, 100, 1))
        page = try reader.events(tenant: "main", after: 95, limit: 30, types: nil, maxBytes: .max)
        #expect(page.entries == entries(96...100))
        #expect(page.next == 100)
        page = try reader.events(tenant: "main", after: 100, limit: 30, types: nil, maxBytes: .max)
        #expect(page.entries.isEmpty && page.next == 100)
        page = try reader.events(tenant: "main", after: 500, limit: 30, types: nil, maxBytes: .max)
        #expect(page.entries.isEmpty && page.next == 500 && page.head == 100)
        page = try reader.events(tenant: "main", after: -5, limit: 1, types: nil, maxBytes: .max)
        #expect(page.entries == [entry(1)])
        page = try reader.events(tenant: "nobody", after: 0, limit: 1, types: nil, maxBytes: .max)
        #expect(page == JournalPage(next: 0, head: 0, first: 1))
    }

    @Test("With types only these come, and a page without any still leads on", arguments: Kind.allCases)
    func types(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        try journal.append(entries: entries(1...100), remembered: [])
        var page = try reader.events(tenant: "main", after: 0, limit: 10, types: ["offer.made"], maxBytes: .max)
        #expect(page.entries.map(\.sequence) == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
        #expect(page.next == 20)
        page = try reader.events(tenant: "main", after: 20, limit: 10, types: ["break.owed"], maxBytes: .max)
        #expect(page.entries.isEmpty && page.next == 100)
        page = try reader.events(tenant: "main", after: 0, limit: 10, types: [], maxBytes: .max)
        #expect(page.entries.isEmpty && page.next == 100)
    }

    @Test("A page keeps within its bytes, yet always gets on", arguments: Kind.allCases)
    func bytes(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        try journal.append(entries: entries(1...10, bytes: 1_000), remembered: [])
        var page = try reader.events(tenant: "main", after: 0, limit: 10, types: nil, maxBytes: 2_500)
        #expect(page.entries.count == 2 && page.next == 2)
        page = try reader.events(tenant: "main", after: 2, limit: 10, types: nil, maxBytes: 1)
        #expect(page.entries.count == 1 && page.next == 3)
    }

    @Test("A read looks at no more entries than its bound, matching or not", arguments: Kind.allCases)
    func boundedExamination(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        let count = Int64(Limits.eventsExaminedPerReadMax) + 10
        try journal.append(entries: entries(1...count, bytes: 1), remembered: [])
        let page = try reader.events(tenant: "main", after: 0, limit: 10, types: ["none"], maxBytes: .max)
        #expect(page.next == Int64(Limits.eventsExaminedPerReadMax) && page.head == count)
    }

    @Test(
        "A replay goes through several reads without a seam, and stops at the error of its body",
        arguments: Kind.allCases)
    func replay(kind: Kind) throws {
        struct Enough: Error {}
        let (journal, reader) = try kind.make(scratch)
        try journal.append(entries: entries(1...40_000, bytes: 2), remembered: [])
        var next: Int64 = 100
        try reader.replay(tenant: "main", from: 100) {
            #expect($0.sequence == next)
            next += 1
        }
        #expect(next == 40_001)
        var seen = 0
        #expect(throws: Enough.self) {
            try reader.replay(tenant: "main", from: 1) { _ in
                seen += 1
                if seen == 20_000 { throw Enough() }
            }
        }
        #expect(seen == 20_000)
    }

    @Test("A reader sees what is committed, never what is about to be")
    func committedOnly() throws {
        let data = scratch.data()
        let seen = Seen()
        var options = SQLiteJournal.Options()
        options.faults = { commit in
            if commit > 1 { seen.note(try? JournalReader(directory: data).head("main")) }
            return nil
        }
        let journal = try opened(data, options)
        try journal.append(entries: entries(1...5), remembered: [])
        try journal.append(entries: entries(6...9), remembered: [])
        #expect(seen.heads == [5])
        #expect(try JournalReader(directory: data).head("main") == 9)
    }

    @Test("Readers at work neither write to the journal nor keep the writer from writing")
    func readersDoNotWrite() throws {
        let data = scratch.data()
        let journal = try opened(data)
        try journal.append(entries: entries(1...50), remembered: [])
        try journal.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file(data)))
        let reader = try JournalReader(directory: data)
        _ = try reader.events(tenant: "main", after: 0, limit: 10, types: nil, maxBytes: 1_000)
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file(data))) == before)
        let log = FileManager.default.contents(atPath: scratch.file(data, "-wal")) ?? Data()
        #expect(log.isEmpty)
        let again = try opened(data)
        try reader.replay(tenant: "main", from: 1) { entry in
            if entry.sequence == 25 { try again.append(entries: [KapwaJournalTests.entry(51)], remembered: []) }
        }
        #expect(try reader.head("main") == 51)
    }

    @Test("Where there is no journal the reader says so and makes none")
    func missing() throws {
        guard case .notReadable(let path, _) = failure({ try JournalReader(directory: scratch.data()) }) else {
            Issue.record("a reader opened nothing")
            return
        }
        #expect(path == scratch.file(scratch.data()))
        #expect(!FileManager.default.fileExists(atPath: scratch.data()))
    }
}
