import KapwaDomain
import Testing

@testable import KapwaRouting

/// Lists and tables of a snapshot that contradict themselves are damage.
@Suite struct SavedListTests {
    /// Bytes of some numbers.
    private func bytes(_ numbers: [Int64]) -> [UInt8] {
        var pass = SnapshotPass(writing: 1)
        for var number in numbers { number.passFields(&pass) }
        return pass.bytes()
    }

    private func isRead<Value: Saved>(_ value: Value.Type, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var pass = SnapshotPass(reading: bytes)
            var value = Value.blank
            value.passFields(&pass)
            return pass.isWhole
        }
    }

    private func saved<Value: Saved>(_ value: Value) -> [UInt8] {
        var value = value
        var pass = SnapshotPass(writing: 1)
        value.passFields(&pass)
        return pass.bytes()
    }

    /// A count of things, as a snapshot has it.
    private func count(_ number: UInt64) -> [UInt8] {
        var word = number
        var pass = SnapshotPass(writing: 1)
        pass.word(&word)
        return pass.bytes()
    }

    @Test("a ranked list is ascending, each key once")
    func ranked() {
        func list(_ keys: [(Int64, Int64)]) -> [UInt8] {
            count(UInt64(keys.count)) + keys.flatMap { bytes([$0.0, $0.1, 3]) }
        }
        #expect(isRead(RankedList.self, list([(1, 1), (1, 2), (2, 1)])))
        #expect(!isRead(RankedList.self, list([(1, 1), (1, 1)])))
        #expect(!isRead(RankedList.self, list([(1, 2), (1, 1)])))
        #expect(!isRead(RankedList.self, list([(2, 1), (1, 1)])))
        #expect(!isRead(RankedList.self, Array(list([(1, 1), (2, 1)]).dropLast())))
    }

    @Test("a pace points to one of its intervals, or behind the last while there are few")
    func pace() {
        func pace(_ next: Int64) -> [UInt8] {
            // Never served, two intervals.
            saved(Instant?.none) + saved([Int64(5), 6]) + bytes([next])
        }
        for (next, isSound) in [(-1, false), (0, true), (1, true), (2, true), (3, false)] as [(Int64, Bool)] {
            #expect(isRead(ServicePace.self, pace(next)) == isSound, "\(next)")
        }
    }

    @Test("days of handle times have all their counts")
    func handleTimes() {
        func days(_ counts: Int) -> [UInt8] {
            count(1) + bytes([20_000]) + saved(Array(repeating: UInt32(1), count: counts))
        }
        #expect(isRead(HandleTimes.self, days(160)))
        #expect(!isRead(HandleTimes.self, days(159)) && !isRead(HandleTimes.self, days(161)))
        #expect(isRead(HandleTimes.self, count(0)))
    }

    @Test("timers: each that is listed is set, in order, and the others are free")
    func timers() {
        /// Settings that are free or not, by the time that they are due, in the order in which they were set.
        func queue(_ settings: [(due: Int64, isSet: Bool)], free: [Int], listed: [Int]) -> [UInt8] {
            var all = count(UInt64(settings.count))
            for (order, setting) in settings.enumerated() {
                all += bytes([setting.due, Int64(order)])
                all += saved(setting.isSet ? RoutingTimer.Subject.slide : nil)
            }
            return all + saved(free) + bytes([9]) + saved(listed)
        }
        #expect(isRead(TimerQueue.self, queue([(5, true), (3, true)], free: [], listed: [1, 0])))
        #expect(isRead(TimerQueue.self, queue([(5, true), (3, false)], free: [1], listed: [0])))
        #expect(!isRead(TimerQueue.self, queue([(5, true), (3, true)], free: [], listed: [0, 1])), "not in order")
        #expect(!isRead(TimerQueue.self, queue([(5, true), (3, false)], free: [], listed: [1, 0])), "one is free")
        #expect(!isRead(TimerQueue.self, queue([(5, true), (3, true)], free: [], listed: [1])), "one is lost")
        #expect(!isRead(TimerQueue.self, queue([(5, true), (3, true)], free: [], listed: [1, 1])), "one twice")
        #expect(!isRead(TimerQueue.self, queue([(5, true), (3, true)], free: [], listed: [1, 2])), "one is not there")
        #expect(!isRead(TimerQueue.self, queue([(5, true)], free: [1], listed: [])), "a place that is not there")
    }

    @Test("a table of queues has a state for each name, each name once")
    func queues() {
        let state = saved(RoutingState.QueueState())
        func table(_ ids: [String], states: Int) -> [UInt8] {
            saved(ids) + count(UInt64(states)) + (0..<states).flatMap { _ in state }
        }
        #expect(isRead(QueueTable.self, table(["a", "b"], states: 2)))
        #expect(!isRead(QueueTable.self, table(["a", "b"], states: 1)))
        #expect(!isRead(QueueTable.self, table(["a", "b"], states: 3)))
        #expect(!isRead(QueueTable.self, table(["a", "a"], states: 2)))
    }

    @Test("a ledger below nothing, which no event can bring about, is nothing")
    func ledger() {
        let bytes = bytes([-5]) + saved(Instant(milliseconds: 0)) + saved(StressLedger.Pace.working)
        bytes.withUnsafeBytes { bytes in
            var pass = SnapshotPass(reading: bytes)
            var ledger = StressLedger.blank
            ledger.passFields(&pass)
            let isWhole = pass.isWhole
            #expect(isWhole && ledger.anchor == -5)
            #expect(ledger.value(at: Instant(milliseconds: 1)) == 0)
        }
    }
}
