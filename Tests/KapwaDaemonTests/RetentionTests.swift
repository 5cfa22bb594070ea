import Foundation
import KapwaDomain
import KapwaJournal
import KapwaRouting
import Testing

@testable import KapwaDaemon

/// A journal of the last ten days, made here and now.
@Suite struct RetentionTests {
    private let now = DaemonClock.wall()

    /// Ten conversations a day for ten days, and a snapshot on each of the last two.
    private func tenDays(leavingOpen open: Int? = nil) throws -> (JournaledFloor, SnapshotTaker.Taken) {
        let floor = try JournaledFloor(now - .days(10))
        var taken = SnapshotTaker.Taken(sequence: 0, oldestLive: nil)
        for day in 0..<10 {
            for number in 0..<10 {
                try floor.converse(
                    "d\(day)-\(number)", at: now - .days(Int64(10 - day)) + .minutes(Int64(number) + 1),
                    ends: day != open || number != 5)
            }
            if day >= 8 { taken = try floor.taker.take("main", now: now) }
        }
        return (floor, taken)
    }

    @Test("what is older than it is kept for goes, what it made true stays, and the journal verifies and replays")
    func goes() throws {
        let (floor, taken) = try tenDays()
        #expect(taken.oldestLive == nil)
        let digest = floor.router.state.digest
        let trimmer = Trimmer(taker: floor.taker, keep: .days(3), atLeast: 1)
        let end = try #require(try trimmer.prepare("main", live: taken.oldestLive, now: now))
        #expect(try floor.reader.lastEntry("main", before: now - .days(3)) == end)
        try floor.trim(through: end)

        #expect(try floor.reader.first("main") == end + 1)
        #expect(try JournalVerifier(directory: floor.directory).verify().fault == nil)
        // By the snapshot that stands for what is gone alone, and by the newest.
        let files = floor.taker.store.files(of: "main")
        #expect(files.map(\.sequence).last == end)
        #expect(files.count == 3)
        var whole = try #require(try floor.taker.replayer.base(of: "main", among: [files[2]])).state
        #expect(whole.sequence == end)
        try floor.taker.replayer.follow(&whole)
        #expect(whole.digest == digest)
        #expect(try floor.taker.replayer.state(of: "main").digest == digest)
        try floor.taker.store.remove(files)
        #expect(throws: JournalError.self) { try floor.taker.replayer.state(of: "main") }
    }

    @Test("a snapshot that has to end early stands for what was followed by then, and a start goes on from there")
    func endsEarly() throws {
        let floor = try JournaledFloor(now)
        for number in 0..<10 { try floor.converse("k\(number)", at: now + .minutes(Int64(number))) }
        var left = 12
        let taken = try floor.taker.take("main", now: now) {
            left -= 1
            return left >= 0
        }
        #expect(taken.sequence == 12)
        #expect(floor.taker.store.files(of: "main").map(\.sequence) == [12])
        #expect(try floor.taker.replayer.state(of: "main").digest == floor.router.state.digest)
    }

    @Test("nothing goes that came after the beginning of what is not over")
    func live() throws {
        let (floor, taken) = try tenDays(leavingOpen: 2)
        let opened = try #require(taken.oldestLive)
        let trimmer = Trimmer(taker: floor.taker, keep: .days(3), atLeast: 1)
        #expect(try trimmer.prepare("main", live: opened, now: now) == opened - 1)
        try floor.trim(through: opened - 1)
        let page = try floor.reader.events(
            tenant: "main", after: opened - 1, limit: 1, types: nil, maxBytes: 100_000)
        #expect(page.entries.first?.type == "conversation.opened")
        #expect(try floor.taker.replayer.state(of: "main").digest == floor.router.state.digest)
    }

    @Test("nothing goes without two newer snapshots, nor for the sake of a few entries")
    func notYet() throws {
        let (floor, taken) = try tenDays()
        let many = Trimmer(taker: floor.taker, keep: .days(3), atLeast: 1_000_000)
        #expect(try many.prepare("main", live: taken.oldestLive, now: now) == nil)
        let all = Trimmer(taker: floor.taker, keep: .days(30), atLeast: 1)
        #expect(try all.prepare("main", live: taken.oldestLive, now: now) == nil)
        let files = floor.taker.store.files(of: "main")
        let trimmer = Trimmer(taker: floor.taker, keep: .days(1), atLeast: 1)
        #expect(try trimmer.prepare("main", live: nil, now: now) ?? .max <= files[1].sequence)
        try floor.taker.store.remove(floor.taker.store.files(of: "main").filter { $0 != files[0] })
        #expect(try trimmer.prepare("main", live: nil, now: now) == nil)
    }

    @Test("a second time goes on from where the first ended, and leaves one snapshot of what is gone")
    func twice() throws {
        let (floor, taken) = try tenDays()
        for days in [7, 5, 3] as [Int64] {
            let trimmer = Trimmer(taker: floor.taker, keep: .days(days), atLeast: 1)
            let end = try #require(try trimmer.prepare("main", live: taken.oldestLive, now: now))
            try floor.trim(through: end)
            try floor.converse("later-\(days)", at: now + .days(8 - days))
            _ = try floor.taker.take("main", now: now)
            #expect(floor.taker.store.files(of: "main").count == 3)
            #expect(floor.taker.store.files(of: "main").last?.sequence == end)
        }
        #expect(try floor.taker.replayer.state(of: "main").digest == floor.router.state.digest)
    }

    @Test("why is answered for what is kept, and refused for what is gone")
    func why() throws {
        let (floor, taken) = try tenDays(leavingOpen: 9)
        let trimmer = Trimmer(taker: floor.taker, keep: .days(3), atLeast: 1)
        let end = try #require(try trimmer.prepare("main", live: taken.oldestLive, now: now))
        try floor.trim(through: end)
        let why = WhyReader(reader: floor.reader, snapshots: floor.taker.store)
        let answer = try why.answer(WhyQuestion(tenant: "main", conversation: "d9-5", moment: .latest))
        #expect(answer.explanation.conversation == "d9-5")
        #expect(throws: Refusal.self) {
            try why.answer(WhyQuestion(tenant: "main", conversation: "d1-1", moment: .latest))
        }
    }

    @Test("a customer who is forgotten is in no snapshot any more, and the state is the one a replay gives")
    func forget() throws {
        let (floor, _) = try tenDays(leavingOpen: 9)
        try floor.journal.forget(tenant: "main", subject: "customer:of-d9-5")
        try floor.taker.forget("of-d9-5", of: "main")
        for file in floor.taker.store.files(of: "main") {
            let bytes = try Data(contentsOf: URL(filePath: file.path))
            #expect(bytes.range(of: Data("of-d9-5".utf8)) == nil)
            #expect(bytes.range(of: Data("of-d8-4".utf8)) != nil)
        }
        var bare = RoutingState(tenant: "main")
        try Replayer(reader: floor.reader).follow(&bare)
        #expect(try floor.taker.replayer.state(of: "main").saved() == bare.saved())
    }
}
