import Foundation
import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaWire
import Testing

@testable import KapwaDaemon

/// A journal of ten days in which every day something weighs on an agent and a customer may be in danger.
@Suite struct KeyEraserTests {
    /// Noon, so that no day of the floor runs over midnight.
    private let now = JournalDay(number: 20_779).start + .hours(12)

    private static var hard: Assessment {
        var found = Assessment()
        found.tags.frustration = 900
        found.safety = [SafetyFlag(kind: .medical, level: .possible, text: "hindi makahinga", start: 0, end: 15)]
        return found
    }

    /// One hard contact a day, and a snapshot on each of the last two.
    private func tenDays(leavingOpen open: Int? = nil) throws -> (JournaledFloor, SnapshotTaker.Taken) {
        let begin = now - .days(10)
        let floor = try JournaledFloor(begin)
        try floor.send(.agentUpsert(AgentUpsert(agent: "ana", skills: ["billing": 2], capacity: 100)), at: begin)
        try floor.send(.agentState(AgentState(agent: "ana", state: .away)), at: begin)
        var taken = SnapshotTaker.Taken(sequence: 0, oldestLive: nil)
        for day in 0..<10 {
            let noon = begin + .days(Int64(day)) + 1_000
            let id = ConversationID("d\(day)")
            try floor.converse(id.rawValue, at: noon, ends: false, found: Self.hard)
            // One that is left open waits for as long as the test needs.
            if day != open {
                try floor.send(
                    .conversationAssign(ConversationAssign(conversation: id, agent: "ana", source: .external)),
                    at: noon + 2_000)
                try floor.send(
                    .conversationClose(ConversationClose(conversation: id, outcome: .resolved)), at: noon + 9_000)
                try floor.send(.wrapupDone(WrapupDone(agent: "ana", conversation: id)), at: noon + 10_000)
            }
            if day >= 8 { taken = try floor.taker.take("main", now: now) }
        }
        return (floor, taken)
    }

    private func events(_ floor: JournaledFloor) throws -> [Event] {
        let decoder = EventDecoder()
        var events: [Event] = []
        try floor.reader.replay(tenant: "main", from: 1) { events.append(try decoder.decode($0.parts)) }
        return events
    }

    private static func isSealed(_ event: Event) -> Bool {
        switch event.body {
        case .agentStressed, .safetyRaised: true
        case .conversationTagged(let body): !body.assessment.safety.isEmpty || event.isErased
        default: false
        }
    }

    private func erase(_ floor: JournaledFloor, _ due: KeyEraser.Due) throws {
        #expect(try floor.journal.eraseKeys(of: "main", before: due.before, through: due.through))
    }

    @Test("what weighed on whom is gone after its time, what it made true stays, and the journal verifies and replays")
    func goes() throws {
        let (floor, taken) = try tenDays()
        #expect(taken.oldestLive == nil)
        let digest = floor.router.state.digest
        let before = try events(floor)
        let eraser = KeyEraser(taker: floor.taker, keep: .days(3))
        let due = try #require(try eraser.prepare("main", live: taken.oldestLive, now: now))
        #expect(due.before == JournalDay(of: now - .days(3)))
        #expect(try floor.reader.lastEntry("main", before: due.before.start) == due.through)
        #expect(floor.taker.store.files(of: "main").last?.sequence == due.through)
        // That far a stop, or a crash, changes nothing.
        #expect(try ReplayedTenant.all(in: floor.directory).map(\.digest) == [digest])
        #expect(try eraser.prepare("main", live: taken.oldestLive, now: now) == due)
        try erase(floor, due)
        #expect(try eraser.prepare("main", live: taken.oldestLive, now: now) == nil)

        let verified = try JournalVerifier(directory: floor.directory).verify()
        #expect(verified.fault == nil)
        #expect(verified.erased == before.count { $0.sequence <= due.through && Self.isSealed($0) })
        #expect(verified.erased >= 21 && verified.sealedParts >= 9)
        for (before, after) in zip(before, try events(floor)) {
            guard before.sequence <= due.through, Self.isSealed(before) else {
                #expect(after == before)
                continue
            }
            #expect(after.isErased && after.body.type == before.body.type && after.body != before.body)
        }
        // By the snapshot that stands for what is gone alone, by the newest, and as another process replays it.
        let files = floor.taker.store.files(of: "main")
        #expect(files.count == 3)
        var whole = try #require(try floor.taker.replayer.base(of: "main", among: [files[2]])).state
        #expect(whole.sequence == due.through)
        try floor.taker.replayer.follow(&whole)
        #expect(whole.digest == digest)
        #expect(try floor.taker.replayer.state(of: "main").digest == digest)
        #expect(try ReplayedTenant.all(in: floor.directory).map(\.digest) == [digest])
    }

    @Test("without a snapshot a journal whose keys were erased is not replayed, and it is said why")
    func noSnapshot() throws {
        let (floor, taken) = try tenDays()
        let eraser = KeyEraser(taker: floor.taker, keep: .days(3))
        try erase(floor, try #require(try eraser.prepare("main", live: taken.oldestLive, now: now)))
        #expect(try SnapshotCheck.broken(in: floor.directory).sentences == [])
        try floor.taker.store.remove(floor.taker.store.files(of: "main"))
        #expect(try SnapshotCheck.broken(in: floor.directory).sentences.count == 1)
        do {
            _ = try floor.taker.replayer.state(of: "main")
            Issue.record("a state was made of what cannot be read")
        } catch {
            #expect("\(error)".contains("keys") && "\(error)".contains("restore a backup"))
        }
        // Nor is a state led over what is missing.
        #expect(throws: JournalError.self) {
            try floor.reader.replay(tenant: "main", from: 1) { _ = try EventDecoder().whole($0) }
        }
    }

    @Test("no key goes of a day in which something began that is not over, nor a later one")
    func live() throws {
        let (floor, taken) = try tenDays(leavingOpen: 2)
        let opened = try #require(taken.oldestLive)
        let eraser = KeyEraser(taker: floor.taker, keep: .days(3))
        let due = try #require(try eraser.prepare("main", live: opened, now: now))
        #expect(due.before == JournalDay(of: now - .days(8)))
        #expect(due.through < opened)
        try erase(floor, due)
        #expect(try events(floor).allSatisfy { $0.sequence <= due.through || !$0.isErased })
        #expect(try floor.taker.replayer.state(of: "main").digest == floor.router.state.digest)
        #expect(try eraser.prepare("main", live: 1, now: now) == nil)
    }

    @Test("nothing goes before its time, nor without two snapshots that follow")
    func notYet() throws {
        let (floor, taken) = try tenDays()
        let patient = KeyEraser(taker: floor.taker, keep: .days(30))
        #expect(try patient.prepare("main", live: taken.oldestLive, now: now) == nil)
        let files = floor.taker.store.files(of: "main")
        let hasty = KeyEraser(taker: floor.taker, keep: 0)
        let due = try #require(try hasty.prepare("main", live: nil, now: now))
        #expect(due.through <= files[1].sequence)
        try floor.taker.store.remove(floor.taker.store.files(of: "main").filter { $0 != files[0] })
        #expect(try KeyEraser(taker: floor.taker, keep: .days(3)).prepare("main", live: nil, now: now) == nil)
    }

    @Test("entries are deleted short of erased keys and beyond them, and one snapshot stands for all of it")
    func trimmed() throws {
        let (floor, taken) = try tenDays()
        let digest = floor.router.state.digest
        let due = try #require(
            try KeyEraser(taker: floor.taker, keep: .days(5)).prepare("main", live: nil, now: now))
        try erase(floor, due)
        for days in [7, 3] as [Int64] {
            let trimmer = Trimmer(taker: floor.taker, keep: .days(days), atLeast: 1)
            let end = try #require(try trimmer.prepare("main", live: taken.oldestLive, now: now))
            #expect((end < due.through) == (days == 7))
            try floor.trim(through: end)
            try floor.converse("later-\(days)", at: now + .days(8 - days))
            _ = try floor.taker.take("main", now: now)
            #expect(floor.taker.store.files(of: "main").count == 3)
            #expect(floor.taker.store.files(of: "main").last?.sequence == max(end, due.through))
            #expect(try JournalVerifier(directory: floor.directory).verify().fault == nil)
        }
        #expect(digest != floor.router.state.digest)
        #expect(try floor.taker.replayer.state(of: "main").digest == floor.router.state.digest)
    }

    @Test("why is answered from where a replay can begin, and refused before")
    func why() throws {
        let (floor, taken) = try tenDays()
        let eraser = KeyEraser(taker: floor.taker, keep: .days(3))
        try erase(floor, try #require(try eraser.prepare("main", live: taken.oldestLive, now: now)))
        let why = WhyReader(reader: floor.reader, snapshots: floor.taker.store)
        let answer = try why.answer(WhyQuestion(tenant: "main", conversation: "d9", moment: .latest))
        #expect(answer.explanation.conversation == "d9")
        do {
            _ = try why.answer(WhyQuestion(tenant: "main", conversation: "d1", moment: .latest))
            Issue.record("a decision was explained that nobody can replay")
        } catch let refusal as Refusal {
            #expect(refusal.code == .gone && refusal.message.contains("what weighed on agents"))
        }
    }

    @Test("a customer who is forgotten takes no key along: the state stays the one a replay gives")
    func forget() throws {
        let (floor, _) = try tenDays()
        let digest = floor.router.state.digest
        #expect(try floor.journal.forget(tenant: "main", subject: "customer:of-d9") > 0)
        try floor.taker.forget("of-d9", of: "main")
        #expect(try events(floor).allSatisfy { !$0.isErased })
        #expect(try ReplayedTenant.all(in: floor.directory).map(\.digest) == [digest])
    }

    @Test("an agent's account has what weighed on the agent, and no key is needed to see that it did")
    func account() throws {
        let (floor, taken) = try tenDays()
        let eraser = KeyEraser(taker: floor.taker, keep: .days(3))
        try erase(floor, try #require(try eraser.prepare("main", live: taken.oldestLive, now: now)))
        var lines: [String] = []
        _ = try JournalExporter(directory: floor.directory).export(about: "ana", tenant: "main") {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        let stressed = lines.filter { $0.contains(#""type":"agent.stressed""#) }
        #expect(stressed.count >= 10)
        #expect(stressed.count { $0.contains(#""points":"#) } == stressed.count - 7)
    }
}
