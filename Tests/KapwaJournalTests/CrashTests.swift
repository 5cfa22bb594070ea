import Foundation
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct CrashTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("A crash before the commit leaves nothing of the batch, one after it leaves all")
    func aroundCommit() throws {
        let scratch = self.scratch
        let data = scratch.data()
        var options = SQLiteJournal.Options()
        options.faults = { commit in
            if commit == 2 { _ = try? scratch.copy(data, to: "before") }
            return nil
        }
        let journal = try opened(data, options)
        try journal.append(entries: entries(1...3), remembered: [reply(1)])
        // So large that SQLite has to write a part of it to the log before the commit.
        let large = [UInt8](repeating: 7, count: 4_000)
        let batch = (Int64(4)...6_000).map { sequence in
            JournalEntry(tenant: "main", sequence: sequence, at: noon, type: "agent.updated", publicPart: large)
        }
        try journal.append(entries: batch, remembered: [reply(2)])
        let after = try scratch.copy(data, to: "after")
        let log = try FileManager.default.attributesOfItem(atPath: scratch.file(scratch.data("before"), "-wal"))
        #expect((log[.size] as? Int ?? 0) > 1_000_000)
        for (directory, head, isThere) in [(scratch.data("before"), Int64(3), false), (after, 6_000, true)] {
            let recovered = try opened(directory)
            #expect(recovered.head("main") == head)
            #expect((try recovered.recall(tenant: "main", sender: "middleware", id: "c2") != nil) == isThere)
            #expect(try recovered.recall(tenant: "main", sender: "middleware", id: "c1") == reply(1))
            #expect(try JournalVerifier(directory: directory).verify().fault == nil)
            try recovered.append(entries: [entry(head + 1)], remembered: [])
            #expect(try stored(directory).count == Int(head) + 1)
        }
    }

    @Test("A log torn at any point leaves whole commits: those before the tear")
    func tornLog() throws {
        let data = scratch.data()
        let journal = try opened(data)
        var ends: [(bytes: Int, head: Int64)] = [(0, 0)]
        let log = scratch.file(data, "-wal")
        for batch in Int64(0)..<6 {
            try journal.append(entries: entries((batch * 4 + 1)...(batch * 4 + 4), bytes: 900), remembered: [])
            let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
            ends.append((size, batch * 4 + 4))
        }
        let total = ends[6].bytes
        for cut in stride(from: ends[1].bytes, through: total, by: 1_777) {
            let torn = try scratch.copy(data, to: "torn-\(cut)", cuttingLogAt: cut)
            let recovered = try opened(torn)
            #expect(recovered.head("main") == ends.last { $0.bytes <= cut }?.head, "cut at \(cut) of \(total)")
            #expect(try JournalVerifier(directory: torn).verify().fault == nil)
            try recovered.close()
        }
    }
}
