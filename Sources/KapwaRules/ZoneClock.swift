import Foundation
import KapwaDomain

/// Looks up how the clock of a place changes. The only place of the rules that asks the system.
enum ZoneClock {
    /// From 2020 to 2060: whatever day the file is read, the same changes come out.
    private static let years = (first: 1_577_836_800, last: 2_840_140_800)
    private static let week = 7 * 86_400

    /// Every change of this zone's clock; `nil` when no such zone is known.
    static func transitions(of zone: String) -> [Hours.ZoneShift]? {
        guard isKnown(zone), let clock = TimeZone(identifier: zone) else { return nil }
        func offset(_ second: Int) -> Int {
            clock.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
        }
        var before = offset(years.first)
        var shifts = [shift(years.first, before)]
        // No clock changes twice within a week.
        for start in stride(from: years.first, to: years.last, by: week) {
            let after = offset(start + week)
            guard after != before else { continue }
            var (low, high) = (start, start + week)
            while high - low > 1 {
                let middle = (low + high) / 2
                if offset(middle) == before { low = middle } else { high = middle }
            }
            shifts.append(shift(high, after))
            before = after
        }
        return shifts
    }

    /// The names of the world's zones.
    static var names: [String] { TimeZone.knownTimeZoneIdentifiers }

    /// `UTC` and the names of places; neither `GMT+8` nor `PST`, which mean different things to different people.
    private static func isKnown(_ zone: String) -> Bool { zone == "UTC" || names.contains(zone) }

    private static func shift(_ second: Int, _ offset: Int) -> Hours.ZoneShift {
        Hours.ZoneShift(from: Instant(milliseconds: Int64(second) * 1_000), offset: Int64(offset) * 1_000)
    }
}
