import Foundation
import GRDB
import KapwaDomain

@testable import KapwaJournal

/// A directory that goes when the test does.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("kapwa-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A data directory inside.
    func data(_ name: String = "data") -> String { path + "/" + name }

    /// What a crash at this instant would leave: the file and its log, without the shared index.
    func copy(_ from: String, to: String, cuttingLogAt length: Int? = nil) throws -> String {
        let target = data(to)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for suffix in ["", "-wal"] {
            let source = from + "/" + SQLiteJournal.fileName + suffix
            guard var bytes = FileManager.default.contents(atPath: source) else { continue }
            if suffix == "-wal", let length { bytes = bytes.prefix(length) }
            try bytes.write(to: URL(fileURLWithPath: target + "/" + SQLiteJournal.fileName + suffix))
        }
        return target
    }

    func file(_ directory: String, _ suffix: String = "") -> String {
        directory + "/" + SQLiteJournal.fileName + suffix
    }
}

let noon = Instant(milliseconds: 1_795_262_400_000)

/// An entry whose parts follow from its number; every third has a personal part, every fourth a sealed one.
func entry(_ sequence: Int64, tenant: TenantID = "main", bytes: Int = 24) -> JournalEntry {
    let isPersonal = sequence % 3 == 0
    return JournalEntry(
        tenant: tenant, sequence: sequence, at: noon + sequence,
        type: sequence % 2 == 0 ? "offer.made" : "agent.updated",
        version: 1 + Int(sequence % 2),
        publicPart: (0..<bytes).map { UInt8(truncatingIfNeeded: Int64($0) * 7 + sequence) },
        personalPart: isPersonal ? Array("Aling Nena \(sequence)".utf8) : nil,
        subject: isPersonal ? "customer:C\(sequence % 2)" : nil,
        sealedPart: sequence % 4 == 0 ? Array("was shouted at \(sequence)".utf8) : nil)
}

func entries(_ range: ClosedRange<Int64>, tenant: TenantID = "main", bytes: Int = 24) -> [JournalEntry] {
    range.map { entry($0, tenant: tenant, bytes: bytes) }
}

func reply(
    _ id: Int, tenant: TenantID = "main", sender: String = "middleware", at: Instant = noon, body: UInt64 = 1
) -> RememberedReply {
    RememberedReply(
        tenant: tenant, sender: sender, id: CommandID("c\(id)"), hash: (body, UInt64(id)),
        reply: Array(#"{"id":"c\#(id)","ok":true}"#.utf8), at: at)
}

func opened(_ directory: String, _ options: SQLiteJournal.Options = .init()) throws -> SQLiteJournal {
    try SQLiteJournal(directory: directory, now: noon, options: options)
}

/// All entries of a tenant, through a reader of its own.
func stored(_ directory: String, tenant: TenantID = "main") throws -> [JournalEntry] {
    var entries: [JournalEntry] = []
    try JournalReader(directory: directory).replay(tenant: tenant, from: 1) { entries.append($0) }
    return entries
}

/// Changes a closed journal behind its back.
func tamper(_ directory: String, _ sql: String, _ arguments: StatementArguments = []) throws {
    let queue = try DatabaseQueue(path: directory + "/" + SQLiteJournal.fileName)
    try queue.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = OFF")
        try database.execute(sql: sql, arguments: arguments)
    }
    try queue.close()
}

/// The error that `body` throws as the journal's own.
func failure<Value>(_ body: () throws -> Value) -> JournalError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? JournalError
    }
}
