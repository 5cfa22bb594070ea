import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct IdempotencyTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("A remembered reply is found by tenant, sender and id together", arguments: Kind.allCases)
    func recall(kind: Kind) throws {
        let (journal, _) = try kind.make(scratch)
        try journal.append(entries: entries(1...2), remembered: [reply(1), reply(2, sender: "")])
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1") == reply(1))
        #expect(try journal.recall(tenant: "main", sender: "", id: "c2") == reply(2, sender: ""))
        #expect(try journal.recall(tenant: "main", sender: "", id: "c1") == nil)
        #expect(try journal.recall(tenant: "other", sender: "middleware", id: "c1") == nil)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c3") == nil)
        #expect(journal.rememberedCount == 2)
    }

    @Test("Replies are remembered over a restart, and from the same instant on")
    func reopening() throws {
        var journal = try opened(scratch.data())
        for id in 1...50 { try journal.append(entries: [], remembered: [reply(id, tenant: id % 2 == 0 ? "a" : "b")]) }
        try journal.close()
        journal = try SQLiteJournal(directory: scratch.data(), now: noon + .hours(1))
        #expect(journal.idsSince == noon)
        #expect(journal.rememberedCount == 50)
        for id in 1...50 {
            let tenant: TenantID = id % 2 == 0 ? "a" : "b"
            #expect(
                try journal.recall(tenant: tenant, sender: "middleware", id: CommandID("c\(id)"))
                    == reply(id, tenant: tenant))
        }
    }

    @Test(
        "Beyond the most that are kept the oldest go, and the journal says since when it remembers",
        arguments: Kind.allCases)
    func bounded(kind: Kind) throws {
        let (journal, _) = try kind.make(scratch, rememberedMax: 10)
        for id in 1...30 {
            try journal.append(entries: [], remembered: [reply(id, at: noon + Int64(id))])
            #expect(journal.rememberedCount == min(id, 10))
        }
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c20") == nil)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c21") != nil)
        #expect(journal.idsSince == noon + 21)
    }

    @Test("What is older than the time to remember goes with later commits, a few at a time", arguments: Kind.allCases)
    func aged(kind: Kind) throws {
        let (journal, _) = try kind.make(scratch, rememberedFor: .seconds(10))
        try journal.append(entries: [], remembered: (1...100).map { reply($0, at: noon + Int64($0)) })
        let receipt = try journal.append(entries: [], remembered: [reply(101, at: noon + .seconds(60))])
        #expect(receipt.forgotten == 10)
        #expect(journal.rememberedCount == 91)
        for id in 102...115 {
            try journal.append(entries: [], remembered: [reply(id, at: noon + .seconds(60))])
        }
        #expect(journal.rememberedCount == 15)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c100") == nil)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c101") != nil)
        #expect(journal.idsSince == noon + 101)
    }

    @Test("Pruning survives a restart")
    func prunedReopening() throws {
        var options = SQLiteJournal.Options()
        options.rememberedMax = 5
        var journal = try opened(scratch.data(), options)
        for id in 1...20 { try journal.append(entries: [], remembered: [reply(id, at: noon + Int64(id))]) }
        try journal.close()
        journal = try opened(scratch.data(), options)
        #expect(journal.rememberedCount == 5)
        #expect(journal.idsSince == noon + 16)
        try journal.append(entries: [], remembered: [reply(21, at: noon + 21)])
        #expect(journal.rememberedCount == 5)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c16") == nil)
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c17") != nil)
    }

    @Test(
        "An id used again is answered with the later reply, and forgetting the earlier keeps it",
        arguments: Kind.allCases)
    func reused(kind: Kind) throws {
        let (journal, _) = try kind.make(scratch, rememberedMax: 3)
        try journal.append(entries: [], remembered: [reply(1, body: 1)])
        try journal.append(entries: [], remembered: [reply(1, body: 2)])
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1")?.hash.0 == 2)
        try journal.append(entries: [], remembered: [reply(2), reply(3)])
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1")?.hash.0 == 2)
        try journal.append(entries: [], remembered: [reply(4)])
        #expect(try journal.recall(tenant: "main", sender: "middleware", id: "c1") == nil)
    }

    @Test("Two ids under one hash are told apart")
    func collision() {
        var index = RememberedIndex()
        index.insert(7, number: 1)
        index.insert(7, number: 2)
        index.insert(8, number: 3)
        index.insert(7, number: 4)
        #expect(index.candidates(7) == [4, 2, 1])
        index.remove(7, number: 1)
        #expect(index.candidates(7) == [4, 2])
        index.remove(7, number: 4)
        #expect(index.candidates(7) == [2])
        index.remove(7, number: 9)
        index.remove(7, number: 2)
        #expect(index.candidates(7) == [])
        #expect(index.count == 1)
    }
}
