import Foundation
import GRDB
import KapwaDomain
import Testing

@testable import KapwaJournal

/// Either kind of journal, for the rules that hold for both.
enum Kind: CaseIterable {
    case sqlite, memory

    func make(
        _ scratch: Scratch, rememberedMax: Int = 1_000, rememberedFor: Milliseconds = .hours(24),
        faults: @escaping CommitFaults = { _ in nil }
    ) throws -> (any Journal, any JournalReading) {
        switch self {
        case .memory:
            let journal = InMemoryJournal(
                now: noon, rememberedMax: rememberedMax, rememberedFor: rememberedFor, faults: faults)
            return (journal, journal)
        case .sqlite:
            var options = SQLiteJournal.Options()
            options.rememberedMax = rememberedMax
            options.rememberedFor = rememberedFor
            options.faults = faults
            return (try opened(scratch.data(), options), try JournalReader(directory: scratch.data()))
        }
    }
}

@Suite struct AppendTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("What was appended comes back byte for byte, in order, and so after reopening")
    func roundTrip() throws {
        let journal = try opened(scratch.data())
        var odd = entry(4)
        odd.publicPart = []
        odd.personalPart = []
        odd.subject = nil
        odd.type = ""
        odd.at = Instant(milliseconds: -1)
        let written = entries(1...3) + [odd]
        try journal.append(entries: written, remembered: [])
        #expect(try stored(scratch.data()) == written)
        try journal.close()
        let again = try opened(scratch.data())
        #expect(again.head("main") == 4)
        try again.append(entries: entries(5...200), remembered: [])
        try again.close()
        #expect(try stored(scratch.data()) == written + entries(5...200))
        #expect(try JournalVerifier(directory: scratch.data()).verify().fault == nil)
    }

    @Test(
        "A gap, a repetition or a start other than 1 is refused and appends nothing of the batch",
        arguments: Kind.allCases)
    func gap(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        #expect(
            failure { try journal.append(entries: [entry(2)], remembered: [reply(1)]) }
                == .gap(tenant: "main", expected: 1, found: 2))
        try journal.append(entries: entries(1...3), remembered: [])
        #expect(
            failure { try journal.append(entries: [entry(4), entry(6)], remembered: [reply(1)]) }
                == .gap(tenant: "main", expected: 5, found: 6))
        #expect(
            failure { try journal.append(entries: [entry(3)], remembered: []) }
                == .gap(tenant: "main", expected: 4, found: 3))
        #expect(journal.head("main") == 3)
        #expect(try reader.head("main") == 3)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1") == nil)
        try journal.append(entries: entries(4...5), remembered: [])
        #expect(try reader.head("main") == 5)
    }

    @Test("Each tenant has a sequence of its own, also inside one batch", arguments: Kind.allCases)
    func tenants(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        let mixed = [
            entry(1, tenant: "b"), entry(1, tenant: "a"), entry(2, tenant: "b"), entry(2, tenant: "a"),
            entry(3, tenant: "b"),
        ]
        try journal.append(entries: mixed, remembered: [])
        #expect(try reader.tenants() == ["a", "b"])
        #expect(journal.head("a") == 2)
        #expect(journal.head("b") == 3)
        #expect(journal.head("c") == 0)
        var seen: [JournalEntry] = []
        try reader.replay(tenant: "b", from: 2) { seen.append($0) }
        #expect(seen == entries(2...3, tenant: "b"))
    }

    @Test("A commit waits for the disk: synchronous reads back FULL, the log is a write-ahead log, nothing is mapped")
    func durability() throws {
        let journal = try opened(scratch.data())
        #expect(journal.synchronousLevel == 2)
        let found = try #require(journal.connection).withDatabase { database throws(JournalError) in
            ["journal_mode", "synchronous", "wal_autocheckpoint", "mmap_size", "secure_delete"].map {
                (try? String.fetchOne(database, sql: "PRAGMA \($0)")) ?? ""
            }
        }
        #expect(found == ["wal", "2", "0", "0", "1"])
        let receipt = try journal.append(entries: [entry(1)], remembered: [])
        #expect(receipt.commitNanoseconds > 0)
        #expect(receipt.totalNanoseconds >= receipt.commitNanoseconds)
    }

    @Test("The log is moved into the main file as it grows, and stays bounded")
    func checkpoints() throws {
        var options = SQLiteJournal.Options()
        options.checkpointPages = 16
        let journal = try opened(scratch.data(), options)
        var moved = 0
        for batch in Int64(0)..<100 {
            let first = batch * 10 + 1
            let receipt = try journal.append(entries: entries(first...(first + 9), bytes: 1_000), remembered: [])
            if receipt.checkpointNanoseconds > 0 { moved += 1 }
        }
        #expect(moved > 5)
        let log = try #require(FileManager.default.contents(atPath: scratch.file(scratch.data(), "-wal")))
        #expect(log.count < 60 * 4_096)
        try journal.close()
        #expect(!FileManager.default.fileExists(atPath: scratch.file(scratch.data(), "-wal")))
        #expect(try stored(scratch.data()) == entries(1...1_000, bytes: 1_000))
    }

    @Test("A rules text is kept by its hash, once", arguments: Kind.allCases)
    func rules(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch)
        let text = Array("queues: [main]\n".utf8)
        let hash = Checksum.sha256Hex(text)
        #expect(try journal.rules(hash: hash) == nil)
        try journal.storeRules(text: text, hash: hash)
        try journal.storeRules(text: text, hash: hash)
        #expect(try journal.rules(hash: hash) == text)
        #expect(try reader.rules(hash: hash) == text)
        #expect(try reader.rules(hash: "another") == nil)
    }

    @Test("The hash of a text is its SHA-256 in lower-case hexadecimal")
    func checksum() {
        #expect(
            Checksum.sha256Hex(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("A closed journal refuses to be written and closing twice does nothing")
    func closed() throws {
        let journal = try opened(scratch.data())
        try journal.close()
        try journal.close()
        guard case .io = failure({ try journal.append(entries: [entry(1)], remembered: []) }) else {
            Issue.record("appending to a closed journal went through")
            return
        }
    }
}
