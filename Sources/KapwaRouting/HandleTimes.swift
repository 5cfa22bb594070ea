import KapwaDomain

/// How long contacts of one kind of channel lasted within the last seven days, in steps of an eighth of a doubling.
///
/// Bounded whatever happens: eight days of 160 counts.
struct HandleTimes: Hashable, Sendable {
    fileprivate struct Day: Hashable, Sendable {
        var number: Int64
        var counts: [UInt32]
    }

    private static let daysKept: Int64 = 7
    private static let bins = 160
    /// Fewer contacts say nothing.
    static let knownFrom = 50

    private var days: [Day] = []

    mutating func add(_ length: Milliseconds, at now: Instant) {
        let today = now.milliseconds / .days(1)
        days.removeAll { $0.number <= today - Self.daysKept }
        if days.last?.number != today { days.append(Day(number: today, counts: Array(repeating: 0, count: Self.bins))) }
        days[days.count - 1].counts[Self.bin(length)] &+= 1
    }

    /// The length that nine of ten contacts do not exceed, rounded up to the next step; `nil` while too few are known.
    func ninetieth(at now: Instant) -> Milliseconds? {
        let oldest = now.milliseconds / .days(1) - Self.daysKept
        var counts = Array(repeating: 0, count: Self.bins)
        for day in days where day.number > oldest {
            for bin in 0..<Self.bins { counts[bin] += Int(day.counts[bin]) }
        }
        let total = counts.reduce(0, +)
        guard total >= Self.knownFrom else { return nil }
        var seen = 0
        for (bin, count) in counts.enumerated() {
            seen += count
            if seen * 10 >= total * 9 { return Self.upperEdge(bin) }
        }
        return nil
    }

    /// Eight bins for each doubling of the seconds.
    private static func bin(_ length: Milliseconds) -> Int {
        let seconds = max(1, length / .seconds(1))
        let doublings = 63 - seconds.leadingZeroBitCount
        let eighths = ((seconds << 3) >> Int64(doublings)) & 7
        return min(doublings * 8 + Int(eighths), bins - 1)
    }

    private static func upperEdge(_ bin: Int) -> Milliseconds {
        let eighths = Int64(8 + bin % 8 + 1)
        return .seconds(((eighths << Int64(bin / 8)) + 7) >> 3)
    }

    /// Adds what decides to a fingerprint of the state.
    func add(to sum: inout DigestSum, name: String) {
        for day in days {
            for (bin, count) in day.counts.enumerated() where count > 0 {
                sum.add("handled", "\(name)/\(bin)", day.number, Int64(count))
            }
        }
    }
}

extension HandleTimes: Saved {
    static var blank: HandleTimes { HandleTimes() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&days)
        if pass.isReading, !days.allSatisfy({ $0.counts.count == Self.bins }) { pass.fail() }
    }
}

extension HandleTimes.Day: Saved {
    static var blank: Self { Self(number: 0, counts: []) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&number)
        pass.field(&counts)
    }
}
