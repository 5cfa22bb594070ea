import Foundation
import KapwaDomain
import Testing

@testable import KapwaSimulation

/// Anything at any time, and everybody who doubts the router watching.
@Suite struct AuditedFloorTests {
    /// Seeds run in blocks, so that a test names the block and the block names the seed.
    private static let seeds = 2_000
    private static let block = 50

    @Test("whatever is sent, no rule is broken", arguments: 0..<(seeds / block))
    func shortSeeds(block: Int) {
        for seed in (block * Self.block + 1)...((block + 1) * Self.block) {
            let report = RandomFloor.run(seed: UInt64(seed), steps: 60, fullEvery: 20)
            if report.hasFailed { Issue.record("\(report.text)") }
        }
    }

    @Test("a seed gives the same run every time")
    func sameSeed() {
        let first = RandomFloor.run(seed: 7, steps: 200)
        #expect(first == RandomFloor.run(seed: 7, steps: 200))
        #expect(first.digest != RandomFloor.run(seed: 8, steps: 200).digest)
    }

    @Test("nearly every event type of the contract comes up in random floors")
    func everyEventIsSeen() {
        var seen: Set<String> = []
        for seed in 1...150 as ClosedRange<UInt64> {
            seen.formUnion(RandomFloor.run(seed: seed, steps: 250).seen.keys)
        }
        #expect(Self.types.filter { !seen.contains($0) } == [])
    }

    /// All of the contract but `clock.gap`, a clock that stood still is the daemon's to notice, and two that random
    /// floors reach too seldom: `handover.offered` and `affinity.lifted` have tests of their own.
    private static let types = [
        "agent.updated", "agent.state_changed", "agent.shift_changed", "agent.reserved", "agent.removed",
        "agent.stressed", "conversation.opened", "conversation.messaged", "conversation.tagged",
        "conversation.queued", "conversation.requeued", "conversation.relaxed", "conversation.held",
        "conversation.parked", "conversation.resumed", "conversation.updated", "conversation.retagged",
        "conversation.unroutable", "conversation.assigned", "conversation.closed", "offer.made", "offer.advised",
        "offer.declined", "offer.expired", "offer.withdrawn", "wrapup.started", "wrapup.ended",
        "break.invited", "break.owed", "break.planned", "break.started", "break.postponed", "break.ended",
        "break.overdue", "break.floor_broken", "talk.suggested", "safety.raised", "safety.acknowledged",
        "affinity.set", "feedback.recorded", "followup.owed", "followup.done",
        "incident.declared", "incident.ended", "rules.changed", "mode.changed", "delivery.suspect", "daemon.started",
    ]

    @Test("after the storm every queue empties in time", arguments: 0..<10)
    func liveness(block: Int) {
        for seed in (block * 10 + 1)...((block + 1) * 10) {
            let report = RandomFloor.liveness(seed: UInt64(seed), steps: 100)
            if report.hasFailed { Issue.record("\(report.text)") }
        }
    }

    @Test("no state that a floor of two reaches in four commands breaks a rule")
    func everyState() async {
        let report = await Exploration.run(depth: 4)
        #expect(report.findings == [])
        #expect(report.states > 5_000)
        #expect(await Exploration.run(depth: 3, lanes: 3).layers == Array(report.layers.prefix(3)))
    }
}
