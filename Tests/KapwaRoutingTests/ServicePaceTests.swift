import KapwaDomain
import Testing

@testable import KapwaRouting

/// How long one waits, by how the queue moved.
@Suite struct ServicePaceTests {
    private static let start = Instant(milliseconds: 1_800_000_000_000)

    /// A queue that served after each of these intervals, and the time of its last service.
    private func pace(_ intervals: [Milliseconds]) -> (pace: ServicePace, now: Instant) {
        var pace = ServicePace()
        var now = Self.start
        pace.noteServed(at: now)
        for interval in intervals {
            now = now + interval
            pace.noteServed(at: now)
        }
        return (pace, now)
    }

    private func wait(_ intervals: [Milliseconds], position: Int) -> [Milliseconds]? {
        let (pace, now) = pace(intervals)
        return pace.wait(position: position, at: now).map { [$0.p50, $0.p90] }
    }

    @Test("the next one waits as long as half, and nine of ten, of the last services took")
    func next() {
        #expect(wait([50_000, 10_000, 40_000, 20_000, 30_000], position: 1) == [30_000, 40_000])
        #expect(wait([7_000], position: 1) == [7_000, 7_000])
        #expect(wait([7_000, 9_000], position: 0) == nil)
    }

    @Test("few services in a row are measured as they were, many by the mean and 1.2816 deviations above it")
    func rows() {
        let alternating = (0..<40).map { Milliseconds($0 % 2 == 0 ? 5_000 : 15_000) }
        #expect(wait(alternating, position: 2) == [20_000, 20_000])
        #expect(wait(alternating, position: 10) == [100_000, 100_000])
        // The sum of a hundred: ten deviations of five seconds.
        #expect(wait(alternating, position: 100) == [1_000_000, 1_064_080])
    }

    @Test("as many services as the limit says are remembered, the oldest is forgotten first")
    func remembered() {
        let others = Array(repeating: Milliseconds(10_000), count: Limits.serviceIntervalsMax - 1)
        #expect(wait([650_000] + others, position: 100)?.first == 2_000_000)
        #expect(wait([650_000] + others + [10_000], position: 100)?.first == 1_000_000)
        #expect(wait([10_000, 650_000] + others, position: 100)?.first == 2_000_000)
    }

    @Test("after as many new services as are remembered nothing is left of those before")
    func forgotten() throws {
        let most = Limits.serviceIntervalsMax
        for extra in [0, 1, most / 2, most] {
            let others = Array(repeating: Milliseconds(10_000), count: most + extra)
            let before = Array(repeating: Milliseconds(650_000), count: most)
            #expect(wait(before + others, position: 100)?.first == 1_000_000)
            #expect(wait(before + others, position: 1) == [10_000, 10_000])
        }
    }

    @Test("an interval that still runs counts once it is longer than any before")
    func running() {
        let (pace, now) = pace([10_000, 20_000])
        #expect(pace.wait(position: 1, at: now + 20_000)?.p50 == 10_000)
        #expect(pace.wait(position: 1, at: now + 20_001)?.p50 == 20_000)
    }

    @Test("nobody who could serve is there: no estimate, whatever the pace was")
    func nobody() throws {
        var floor = Floor()
        #expect(try floor.estimate() == .estimate(position: 1, p50: nil, p90: nil))
        try floor.agent("ana", capacity: 50)
        for index in 1...2 {
            try floor.assigned(ConversationID("k\(index)"))
            floor.pass(.seconds(10))
        }
        let placed = try #require(try floor.message("k3").placements.first)
        #expect(placed.placement.expectedWaitMilliseconds == 10_000)
        #expect(try floor.estimate() == .estimate(position: 2, p50: 20_000, p90: 20_000))
        try floor.send(.agentState(AgentState(agent: "ana", state: .offline)))
        #expect(try floor.estimate() == .estimate(position: 2, p50: nil, p90: nil))
        #expect(try floor.message("k4").placements.first?.placement.expectedWaitMilliseconds == nil)
    }
}

extension Floor {
    fileprivate mutating func estimate() throws -> Reply.Details {
        try batch(.queueEstimate(QueueEstimate(subject: .queue("main")))).reply.details
    }
}
