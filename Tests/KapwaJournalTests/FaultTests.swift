import Foundation
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct FaultTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "A full disk rolls the batch back; what was there stays readable and later appends go through",
        arguments: Kind.allCases)
    func fullCommit(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch, faults: { (2...3).contains($0) ? .full : nil })
        try journal.append(entries: entries(1...3), remembered: [reply(1)])
        guard case .full = failure({ try journal.append(entries: entries(4...6), remembered: [reply(2)]) }) else {
            Issue.record("the commit did not fail")
            return
        }
        #expect(journal.head("main") == 3)
        #expect(try reader.head("main") == 3)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c2") == nil)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1") == reply(1))
        guard case .full = failure({ try journal.probe() }) else {
            Issue.record("the probe found space")
            return
        }
        try journal.probe()
        try journal.append(entries: entries(4...6), remembered: [reply(2)])
        // The failed batch was the first to name a subject: its number went with it and must not be used.
        try journal.append(entries: entries(7...12), remembered: [])
        var kept: [JournalEntry] = []
        try reader.replay(tenant: "main", from: 1) { kept.append($0) }
        #expect(kept == entries(1...12))
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c2") == reply(2))
        if kind == .sqlite { #expect(try JournalVerifier(directory: scratch.data()).verify().fault == nil) }
    }

    @Test("After a commit that failed on the disk nothing more is written, reading goes on", arguments: Kind.allCases)
    func brokenCommit(kind: Kind) throws {
        let (journal, reader) = try kind.make(scratch, faults: { $0 == 2 ? .io : nil })
        try journal.append(entries: entries(1...3), remembered: [reply(1)])
        let first = failure { try journal.append(entries: entries(4...6), remembered: []) }
        guard case .io = first else {
            Issue.record("the commit did not fail")
            return
        }
        #expect(failure { try journal.append(entries: entries(4...6), remembered: []) } == first)
        #expect(failure { try journal.probe() } == first)
        let text = Array("x".utf8)
        #expect(failure { try journal.storeRules(text: text, hash: Checksum.sha256Hex(text)) } == first)
        #expect(try reader.head("main") == 3)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1") == reply(1))
        try journal.close()
    }

    @Test("A journal that may not grow says full, keeps what it has, and grows again when it may")
    func pageLimit() throws {
        let data = scratch.data()
        var options = SQLiteJournal.Options()
        options.pagesMax = 60
        var journal = try opened(data, options)
        var head: Int64 = 0
        var refusal: JournalError?
        while refusal == nil, head < 10_000 {
            refusal = failure {
                try journal.append(
                    entries: entries((head + 1)...(head + 8), bytes: 900), remembered: [reply(Int(head))])
            }
            if refusal == nil { head += 8 }
        }
        #expect(refusal == .full(path: scratch.file(data)))
        #expect(head > 80)
        #expect(journal.head("main") == head)
        #expect(failure { try journal.probe() } == refusal)
        #expect(try stored(data) == entries(1...head, bytes: 900))
        try journal.close()
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
        journal = try opened(data)
        try journal.probe()
        try journal.append(entries: entries((head + 1)...(head + 8), bytes: 900), remembered: [])
        #expect(try stored(data) == entries(1...(head + 8), bytes: 900))
        try journal.close()
        #expect(try JournalVerifier(directory: data).verify().fault == nil)
    }
}
