import Foundation
import GRDB
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct OpeningTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("A second journal on the same directory is refused and told who has it")
    func locked() throws {
        let journal = try opened(scratch.data())
        guard case .locked(let path, let pid) = failure({ try opened(scratch.data()) }) else {
            Issue.record("the second was let in")
            return
        }
        #expect(path == scratch.data() + "/" + SQLiteJournal.lockName)
        #expect(pid == ProcessInfo.processInfo.processIdentifier)
        try journal.close()
        try opened(scratch.data()).close()
    }

    @Test("The lock goes with the journal that was never closed")
    func lockReleased() throws {
        do { _ = try opened(scratch.data()) }
        try opened(scratch.data()).close()
    }

    @Test("A later version is refused, named together with the known one, and not a byte of it changes")
    func newer() throws {
        let data = scratch.data()
        try opened(data).close()
        try tamper(data, "PRAGMA user_version = 99")
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file(data)))
        let refusal = JournalError.newer(path: scratch.file(data), found: 99, known: Schema.version)
        #expect(failure { try opened(data) } == refusal)
        #expect(failure { try JournalReader(directory: data) } == refusal)
        #expect(refusal.description.contains("99") && refusal.description.contains("\(Schema.version)"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file(data))) == before)
    }

    @Test("A file of another program, and one that is no database, are refused and left as they are")
    func foreign() throws {
        for (name, bytes) in [("text", Data("hello, this is no journal\n".utf8)), ("database", nil)] {
            let data = scratch.data(name)
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let file = URL(fileURLWithPath: scratch.file(data))
            if let bytes { try bytes.write(to: file) } else { try tamper(data, "CREATE TABLE t (x)") }
            let before = try Data(contentsOf: file)
            switch failure({ try opened(data) }) {
            case .corrupt where name == "text", .notWritable where name == "database": break
            default:
                Issue.record("\(name) was taken for a journal")
                continue
            }
            guard case .notReadable = failure({ try JournalReader(directory: data) }) else {
                Issue.record("\(name) was read as a journal")
                continue
            }
            #expect(try Data(contentsOf: file) == before)
        }
    }

    @Test("A directory that cannot be made is named")
    func unwritable() throws {
        let blocked = scratch.data("file")
        try Data().write(to: URL(fileURLWithPath: blocked))
        for directory in [blocked, blocked + "/below"] {
            guard case .notWritable(let path, let why) = failure({ try opened(directory) }) else {
                Issue.record("\(directory) was accepted")
                continue
            }
            #expect(path == directory)
            #expect(!why.isEmpty)
        }
    }

    @Test("Data directory and journal are readable by their owner alone")
    func permissions() throws {
        let journal = try opened(scratch.data())
        try journal.append(entries: [entry(1)], remembered: [])
        for (path, mode) in [
            (scratch.data(), 0o700), (scratch.file(scratch.data()), 0o600),
            (scratch.file(scratch.data(), "-wal"), 0o600),
        ] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? Int) == mode, "\(path)")
        }
    }

    @Test("A journal whose last entries were cut off does not open as if nothing had happened")
    func cutOff() throws {
        let journal = try opened(scratch.data())
        try journal.append(entries: entries(1...9), remembered: [])
        try journal.close()
        try tamper(scratch.data(), "DELETE FROM entry WHERE position & 0xFF > 7")
        guard case .corrupt(_, "main", 7, _) = failure({ try opened(scratch.data()) }) else {
            Issue.record("the missing entries were not noticed")
            return
        }
    }

    @Test("Each error says in one line what, where and what to do")
    func descriptions() {
        let errors: [JournalError] = [
            .locked(path: "/d/journal.lock", pid: 7), .locked(path: "/d/journal.lock", pid: nil),
            .newer(path: "/d/j", found: 3, known: 1), .full(path: "/d/j"),
            .io(code: 1_034, message: "committing in /d/j failed"),
            .corrupt(path: "/d/j", tenant: "main", sequence: 5, what: "x"),
            .corrupt(path: "/d/j", tenant: nil, sequence: nil, what: "x"), .notWritable(path: "/d", why: "x"),
            .notReadable(path: "/d", why: "x"),
        ]
        for error in errors {
            #expect(error.description.contains("/d"))
            #expect(!error.description.contains("\n"))
            #expect(error.description.contains(";"))
        }
    }
}
