import Foundation
import GRDB
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct VerifyTests {
    let scratch: Scratch
    let data: String

    init() throws {
        scratch = try Scratch()
        data = scratch.data()
        let journal = try opened(data)
        let text = Array("queues: []".utf8)
        try journal.storeRules(text: text, hash: Checksum.sha256Hex(text))
        try journal.append(
            entries: entries(1...20) + entries(1...4, tenant: "other"), remembered: [reply(1), reply(2)])
        try journal.close()
    }

    func fault() throws -> JournalVerifier.Fault? { try JournalVerifier(directory: data).verify().fault }

    @Test("A sound journal is counted: entries, personal parts, replies, rules, the end of each chain")
    func sound() throws {
        var steps: [Int] = []
        let report = try JournalVerifier(directory: data).verify { done, total in
            steps.append(done)
            #expect(total == 24)
        }
        #expect(report.fault == nil)
        #expect(report.entries == 24)
        #expect(report.personalParts == 7)
        #expect(report.forgotten == 0)
        #expect(report.rememberedReplies == 2)
        #expect(report.rules == 1)
        #expect(report.tenants.map(\.tenant) == ["main", "other"])
        #expect(report.tenants.map(\.head) == [20, 4])
        #expect(report.tenants.allSatisfy { $0.chain.count == 64 })
        #expect(steps == [20, 24])
    }

    @Test(
        "Any single bit flipped in an entry is found, with its sequence",
        arguments: ["public", "chain", "personal", "personal_hash"])
    func everyBit(column: String) throws {
        let queue = try DatabaseQueue(path: scratch.file(data))
        let verifier = try JournalVerifier(directory: data)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = OFF")
            let position = Schema.position(tenantNumber: 1, sequence: 9)
            let sql = "SELECT \(column) FROM entry WHERE position = \(position)"
            let original = try #require(try Data.fetchOne(database, sql: sql))
            let change = "UPDATE entry SET \(column) = ? WHERE position = \(position)"
            for bit in 0..<(original.count * 8) {
                var flipped = original
                flipped[bit / 8] ^= 1 << (bit % 8)
                try database.execute(sql: change, arguments: [flipped])
                let found = try verifier.verify().fault
                #expect(found?.tenant == "main" && found?.sequence == 9, "bit \(bit)")
            }
            try database.execute(sql: change, arguments: [original])
        }
        try queue.close()
        #expect(try fault() == nil)
    }

    @Test(
        "Whatever else of an entry is changed, cut off or added is found",
        arguments: [
            ("UPDATE entry SET at = at + 1 WHERE position & 0xFF = 5", 5),
            ("UPDATE entry SET version = version + 1 WHERE position & 0xFF = 5", 5),
            ("UPDATE entry SET type = 3 - type WHERE position & 0xFF = 5", 5),
            ("UPDATE entry SET type = 99 WHERE position & 0xFF = 5", nil),
            ("UPDATE type SET name = 'x' WHERE number = 1", 1),
            ("UPDATE tenant SET name = 'x' WHERE number = 1", 1),
            ("UPDATE entry SET personal = NULL WHERE position & 0xFF = 9", 9),
            ("UPDATE entry SET personal_hash = NULL, personal = NULL WHERE position & 0xFF = 9", 9),
            ("UPDATE entry SET subject = 99 WHERE position & 0xFF = 9", 9),
            ("UPDATE entry SET subject = 3 - subject WHERE position & 0xFF = 9", 9),
            ("UPDATE subject SET salt = zeroblob(16) WHERE number = 1", 3),
            ("DELETE FROM entry WHERE position & 0xFF = 7", 7),
            ("DELETE FROM entry WHERE position & 0xFF = 1", 1),
            ("DELETE FROM entry WHERE position = (SELECT max(position) FROM entry WHERE position < 2 << 48)", 20),
            ("UPDATE tenant SET head = 19 WHERE number = 1", 19),
            ("UPDATE tenant SET chain = zeroblob(32) WHERE number = 1", 20),
            ("DELETE FROM tenant WHERE number = 2", nil),
            ("UPDATE remembered SET reply = zeroblob(4) WHERE number = 1", nil),
            ("UPDATE remembered SET sender = 'x' WHERE number = 2", nil),
            ("UPDATE remembered SET hash_low = hash_low + 1", nil),
            ("UPDATE rules SET text = zeroblob(3)", nil),
        ] as [(String, Int64?)])
    func changed(sql: String, sequence: Int64?) throws {
        try tamper(data, sql)
        let found = try #require(try fault())
        #expect(found.sequence == sequence || sequence == nil, "\(found)")
    }

    @Test("Two entries that changed places are found")
    func swapped() throws {
        let five = Schema.position(tenantNumber: 1, sequence: 5)
        try tamper(
            data,
            """
            UPDATE entry SET position = 0 WHERE position = \(five);
            UPDATE entry SET position = \(five) WHERE position = \(five + 1);
            UPDATE entry SET position = \(five + 1) WHERE position = 0;
            """)
        #expect(try fault()?.sequence == 5)
    }

    @Test("A byte changed anywhere in the file is found, or changes nothing that can be read")
    func anyByteOfTheFile() throws {
        let file = URL(fileURLWithPath: scratch.file(data))
        let sound = try Data(contentsOf: file)
        let before = [try stored(data), try stored(data, tenant: "other")]
        var found = 0
        for offset in stride(from: 0, to: sound.count, by: 89) {
            var damaged = sound
            damaged[offset] ^= 1 << UInt8(offset % 8)
            try damaged.write(to: file)
            if let report = try? JournalVerifier(directory: data).verify(), report.fault == nil {
                let after = [try stored(data), try stored(data, tenant: "other")]
                #expect(after == before, "the change at \(offset) went unnoticed")
            } else {
                found += 1
            }
        }
        #expect(found > 20)
    }

    @Test("A forgotten subject leaves no trace in the files, and the chain still verifies")
    func forgetting() throws {
        let journal = try opened(data)
        let before = try JournalVerifier(directory: data).verify()
        #expect(try journal.forget(tenant: "main", subject: "customer:C1") == 3)
        #expect(try journal.forget(tenant: "main", subject: "customer:C1") == 0)
        #expect(try journal.forget(tenant: "nobody", subject: "customer:C1") == 0)
        let after = try JournalVerifier(directory: data).verify()
        #expect(after.fault == nil)
        #expect(after.forgotten == 3)
        #expect(after.personalParts == 4)
        #expect(after.tenants == before.tenants)
        let kept = try stored(data)
        #expect(kept[8].personalPart == nil && kept[8].subject == nil)
        #expect(kept[8].publicPart == entry(9).publicPart)
        #expect(kept[5] == entry(6))
        for suffix in ["", "-wal"] {
            let bytes = FileManager.default.contents(atPath: scratch.file(data, suffix)) ?? Data()
            for trace in ["Aling Nena 9", "Aling Nena 15"] { #expect(bytes.range(of: Data(trace.utf8)) == nil) }
        }
        let main = try Data(contentsOf: URL(fileURLWithPath: scratch.file(data)))
        #expect(main.range(of: Data("Aling Nena 6".utf8)) != nil)
        // The subject comes back as somebody new, under another salt.
        var next = entry(21)
        next.subject = "customer:C1"
        try journal.append(entries: [next], remembered: [])
        #expect(try fault() == nil)
        #expect(try stored(data).last == next)
    }

    @Test("A remembered reply that its reader cannot decode is found")
    func undecodable() throws {
        let report = try JournalVerifier(directory: data, decodes: { $0.id != "c2" }).verify()
        #expect(report.fault?.what.contains("c2") == true)
    }
}
