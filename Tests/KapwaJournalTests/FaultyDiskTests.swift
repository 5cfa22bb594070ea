import Foundation
import GRDBSQLite
import KapwaDomain
import Testing

@testable import KapwaJournal

/// Every write and every sync that the journal makes of the disk fails once, each in a run of its own.
@Suite struct FaultyDiskTests {
    let scratch: Scratch
    let all = entries(1...40, bytes: 900)

    init() throws { scratch = try Scratch() }

    private var options: SQLiteJournal.Options {
        var options = SQLiteJournal.Options()
        // So small that moving the log into the main file is part of each run.
        options.checkpointPages = 6
        return options
    }

    private func batch(after head: Int64) -> [JournalEntry] {
        Array(all[Int(head)..<Int(head + 5)])
    }

    @Test(
        "Whichever write or sync fails: no acknowledged entry is lost, none is half there, nothing more is written",
        arguments: [false, true])
    func everyCallFails(isShort: Bool) throws {
        // SQLITE_IOERR_WRITE and SQLITE_IOERR_FSYNC.
        let plan = FaultyDisk.Plan(call: 1, writeCode: 778, syncCode: 1_034, isLasting: false, isShort: isShort)
        var failures = 0
        var call = 0
        while call == failures {
            call += 1
            let data = scratch.data("io-\(isShort)-\(call)")
            var armed = plan
            armed.call = call
            FaultyDisk.arm(data, armed)
            let acknowledged = try writeUntilFailure(data)
            failures += FaultyDisk.disarm(data).failures
            let left = try scratch.copy(data, to: "left-\(isShort)-\(call)")
            let recovered = try opened(left)
            let head = recovered.head("main")
            #expect(head == acknowledged || head == acknowledged + 5, "call \(call)")
            #expect(try stored(left) == Array(all.prefix(Int(head))), "call \(call)")
            try recovered.append(entries: batch(after: head), remembered: [])
            try recovered.close()
            #expect(try JournalVerifier(directory: left).verify().fault == nil, "call \(call)")
        }
        #expect(failures > 40)
    }

    /// Appends six batches and closes; returns the last head that was acknowledged.
    private func writeUntilFailure(_ data: String) throws -> Int64 {
        var head: Int64 = 0
        do {
            let journal = try opened(data, options)
            do {
                while head < 30 {
                    try journal.append(entries: batch(after: head), remembered: [])
                    head += 5
                }
            } catch {
                // It must know by itself that the disk, which works again, can no longer be trusted.
                #expect(failure { try journal.append(entries: batch(after: head), remembered: []) } == error)
            }
            try journal.close()
        } catch {
            guard case .io = error as? JournalError else {
                Issue.record("\(error)")
                return head
            }
        }
        return head
    }

    @Test("Whichever file cannot be opened: it is said, nothing is lost, and once it can be the journal opens")
    func everyOpenFails() throws {
        var failures = 1
        var call = 0
        while failures > 0 {
            call += 1
            let data = scratch.data("open-\(call)")
            let before = try opened(data, options)
            try before.append(entries: batch(after: 0), remembered: [])
            try before.close()
            FaultyDisk.arm(
                data, .init(call: call, writeCode: SQLITE_OK, syncCode: nil, isLasting: true, isOfOpening: true))
            var head: Int64 = 5
            let refusal = failure {
                let journal = try opened(data, options)
                defer { try? journal.close() }
                while head < 15 {
                    try journal.append(entries: batch(after: head), remembered: [])
                    head += 5
                }
            }
            failures = FaultyDisk.disarm(data).failures
            #expect((refusal == nil) == (head == 15), "call \(call)")
            let later = try opened(data, options)
            #expect(later.head("main") == head, "call \(call)")
            try later.append(entries: batch(after: head), remembered: [])
            try later.close()
            #expect(try stored(data) == Array(all.prefix(Int(head) + 5)), "call \(call)")
            #expect(try JournalVerifier(directory: data).verify().fault == nil, "call \(call)")
        }
        #expect(call > 3)
    }

    @Test(
        "Wherever the disk fills up: what was there can be read, and once there is space the same journal goes on",
        arguments: [false, true])
    func everyWriteFindsNoSpace(isShort: Bool) throws {
        var failures = 1
        var call = 0
        while failures > 0 {
            call += 1
            let data = scratch.data("full-\(isShort)-\(call)")
            FaultyDisk.arm(
                data, .init(call: call, writeCode: SQLITE_FULL, syncCode: nil, isLasting: true, isShort: isShort))
            var journal: SQLiteJournal?
            var head: Int64 = 0
            let refusal = failure {
                let opening = try opened(data, options)
                journal = opening
                while head < 30 {
                    try opening.append(entries: batch(after: head), remembered: [])
                    head += 5
                }
            }
            if let refusal { #expect(refusal == .full(path: scratch.file(data)), "call \(call)") }
            if let journal {
                #expect(journal.head("main") == head)
                #expect(try stored(data) == Array(all.prefix(Int(head))), "call \(call)")
                if refusal != nil { #expect(failure { try journal.probe() } == refusal) }
            }
            failures = FaultyDisk.disarm(data).failures
            let later = try journal ?? opened(data, options)
            try later.probe()
            try later.append(entries: batch(after: head), remembered: [])
            try later.close()
            #expect(try stored(data).count == Int(head) + 5, "call \(call)")
            #expect(try JournalVerifier(directory: data).verify().fault == nil, "call \(call)")
        }
        #expect(call > 40)
    }
}
