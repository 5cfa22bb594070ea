import Foundation
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct SnapshotStoreTests {
    let scratch: Scratch
    let store: SnapshotStore

    init() throws {
        scratch = try Scratch()
        store = SnapshotStore(directory: scratch.data())
        try FileManager.default.createDirectory(atPath: scratch.data(), withIntermediateDirectories: true)
    }

    private func snapshot(_ sequence: Int64, tenant: TenantID = "main", bytes: Int = 1_000) -> Snapshot {
        Snapshot(
            tenant: tenant, sequence: sequence, chain: String(repeating: "a", count: 64), rules: "hash", madeAt: noon,
            form: 3, state: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }[...])
    }

    @Test("A snapshot reads back as it was written, and nobody else may read it")
    func roundTrip() throws {
        for bytes in [0, 1, 1_000, 20_000_000] {
            let file = try store.write(snapshot(7, bytes: bytes))
            #expect(try store.read(file) == snapshot(7, bytes: bytes))
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: store.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test("The newest comes first, each tenant has its own, and what is not needed goes")
    func order() throws {
        for sequence in [5, 50, 500, 10_000_000] as [Int64] { try store.write(snapshot(sequence)) }
        try store.write(snapshot(3, tenant: "main-2"))
        #expect(store.files(of: "main").map(\.sequence) == [10_000_000, 500, 50, 5])
        #expect(store.files(of: "main-2").map(\.sequence) == [3])
        try store.remove(Array(store.files(of: "main").dropFirst(2)))
        #expect(store.files().map(\.sequence) == [10_000_000, 500, 3])
        try store.remove(store.files())
        #expect(store.files() == [])
    }

    @Test("Any flipped bit, any cut and any other name is noticed")
    func damage() throws {
        let file = try store.write(snapshot(9, bytes: 40))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
        for place in bytes.indices {
            for bit in 0..<8 {
                var broken = bytes
                broken[place] ^= 1 << UInt8(bit)
                try broken.write(to: URL(fileURLWithPath: file.path))
                #expect(throws: JournalError.self) { try store.read(file) }
            }
        }
        for length in 0..<bytes.count {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: file.path))
            #expect(throws: JournalError.self) { try store.read(file) }
        }
        try bytes.write(to: URL(fileURLWithPath: file.path))
        let other = file.path.replacingOccurrences(of: "09.snapshot", with: "10.snapshot")
        try FileManager.default.moveItem(atPath: file.path, toPath: other)
        let renamed = try #require(store.files().first)
        #expect(renamed.sequence == 10)
        #expect(throws: JournalError.self) { try store.read(renamed) }
    }

    @Test("A file of a later Kapwa is told from damage")
    func newer() throws {
        let file = try store.write(snapshot(9))
        var text = try Data(contentsOf: URL(fileURLWithPath: file.path))
        text.replaceSubrange(0..<Snapshot.title.utf8.count, with: Data("kapwa snapshot 12\n".utf8))
        try text.write(to: URL(fileURLWithPath: file.path))
        #expect(failure { try store.read(file) } == .newer(path: file.path, found: 12, known: 1))
    }

    @Test("What a crash left unfinished is no snapshot, and the next one takes its place")
    func unfinished() throws {
        try store.write(snapshot(9))
        try Data("half".utf8).write(to: URL(fileURLWithPath: store.path + "/main.unfinished"))
        #expect(store.files().map(\.sequence) == [9])
        try store.write(snapshot(10))
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.path).count == 2)
    }

    @Test("Only what came after a known entry is checked, and that the known entry is the one")
    func tail() throws {
        let data = scratch.data()
        let journal = try opened(data)
        try journal.append(entries: entries(1...40), remembered: [])
        try journal.close()
        let reader = try JournalReader(directory: data)
        let chain = try #require(try reader.chain("main", at: 20))
        try JournalVerifier(directory: data).verify("main", after: 20, chain: chain)
        try tamper(data, "UPDATE entry SET public = x'00' WHERE position & 281474976710655 = 10")
        try JournalVerifier(directory: data).verify("main", after: 20, chain: chain)
        #expect(try JournalVerifier(directory: data).verify().fault?.sequence == 10)
        let head = try #require(try reader.chain("main", at: 40))
        try JournalVerifier(directory: data).verify("main", after: 40, chain: head)
        #expect(throws: JournalError.self) {
            try JournalVerifier(directory: data).verify("main", after: 21, chain: chain)
        }
        #expect(throws: JournalError.self) {
            try JournalVerifier(directory: data).verify("main", after: 41, chain: chain)
        }
        try tamper(data, "UPDATE entry SET public = x'00' WHERE position & 281474976710655 = 30")
        switch failure({ try JournalVerifier(directory: data).verify("main", after: 20, chain: chain) }) {
        case .corrupt(_, "main", 30, _): break
        case let other: Issue.record("\(String(describing: other))")
        }
    }
}
