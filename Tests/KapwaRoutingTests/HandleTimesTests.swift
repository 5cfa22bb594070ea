import KapwaDomain
import Testing

@testable import KapwaRouting

/// How long nine of ten contacts last: whole days, eight steps in each doubling.
@Suite struct HandleTimesTests {
    private static let now = Instant(milliseconds: 1_800_000_000_000)

    private func ninetieth(_ lengths: [Milliseconds]) -> Milliseconds? {
        var times = HandleTimes()
        for length in lengths { times.add(length, at: Self.now) }
        return times.ninetieth(at: Self.now)
    }

    @Test("a length is rounded up to the next eighth of a doubling of the seconds, never down, from one second on")
    func steps() {
        for seconds in Array(1...600) + [1_023, 1_024, 1_025, 4_095, 4_096, 86_399] {
            var doubled: Int64 = 1
            while doubled * 2 <= Int64(seconds) { doubled *= 2 }
            // In eighths of seconds, so that short steps have no fractions.
            let step = doubled
            let next = (Int64(seconds) * 8 / step + 1) * step
            let expected = Milliseconds.seconds((next + 7) / 8)
            #expect(ninetieth(Array(repeating: .seconds(Int64(seconds)), count: 50)) == expected, "\(seconds) s")
        }
        #expect(ninetieth(Array(repeating: 0, count: 50)) == .seconds(2))
    }

    @Test("nine of ten, the shorter ones first, whatever came when")
    func nineOfTen() {
        for count in [50, 51, 59, 60, 61, 100] {
            for long in 0...12 {
                let lengths = (0..<count).map { Milliseconds.seconds($0 < long ? 1_000 : 60) }
                let isLong = (count - long) * 10 < count * 9
                #expect(ninetieth(lengths) == .seconds(isLong ? 1_024 : 64), "\(long) of \(count)")
                #expect(ninetieth(lengths.reversed()) == .seconds(isLong ? 1_024 : 64))
            }
        }
    }

    @Test("seven days count, today among them; what is older is as if it had not been")
    func days() {
        let midnight = Instant(milliseconds: Self.now.milliseconds / .days(1) * .days(1))
        for age in 0...9 {
            var times = HandleTimes()
            for _ in 1...25 { times.add(.seconds(60), at: midnight - .days(Int64(age)) + .days(1) - 1) }
            for _ in 1...25 { times.add(.seconds(1_000), at: midnight + .hours(1)) }
            #expect(times.ninetieth(at: midnight + .hours(2)) == (age < 7 ? .seconds(1_024) : nil), "\(age) days")
        }
    }
}
