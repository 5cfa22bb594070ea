/// How a day's conversations spread over its half hours.
public struct ArrivalProfile: Sendable, Hashable {
    /// Conversations, or any number in proportion, per half hour of the day; 48 of them.
    public var perHalfHour: [Double]

    public init(perHalfHour: [Double]) {
        precondition(perHalfHour.count == 48, "a day has 48 half hours")
        self.perHalfHour = perHalfHour
    }

    /// A Philippine consumer line around the clock: a late-morning peak, a dip at lunch, a second and longer peak in the
    /// evening after work, and a quiet night. Made up for lack of published figures: a site's own export replaces it.
    public static let philippineDay = ArrivalProfile(
        perHalfHour: [
            1.3, 1.0, 0.8, 0.6, 0.5, 0.4, 0.4, 0.4, 0.5, 0.6, 0.9, 1.3,  // 00:00
            1.8, 2.3, 2.9, 3.5, 4.1, 4.6, 5.0, 5.3, 5.4, 5.3, 5.0, 4.6,  // 06:00
            4.2, 4.0, 4.1, 4.3, 4.5, 4.6, 4.6, 4.7, 4.8, 5.0, 5.2, 5.4,  // 12:00
            5.5, 5.5, 5.4, 5.2, 4.9, 4.5, 4.0, 3.5, 3.0, 2.5, 2.0, 1.6,  // 18:00
        ])

    /// The half hours of a typhoon: 14:00 to 20:00.
    public static let typhoon = 28..<40
    /// How many times as many come then.
    public static let typhoonFactor = 3.0
    /// Contacts in a thousand that are hard then.
    public static let typhoonHardShare = 600

    /// Instants of the day, ascending: `count` of them by the profile, inside `open`, and a typhoon's on top.
    public func arrivals(
        count: Int, open: Range<Int64>, typhoon: Bool, _ generator: inout SeededGenerator
    ) -> [Int64] {
        let half: Int64 = 1_800_000
        let weights = perHalfHour.enumerated().map { place, weight -> Double in
            let slot = Int64(place) * half..<Int64(place + 1) * half
            let part = slot.clamped(to: open)
            return weight * Double(part.upperBound - part.lowerBound) / Double(half)
        }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return [] }
        var instants: [Int64] = []
        for (place, weight) in weights.enumerated() where weight > 0 {
            let factor = typhoon && Self.typhoon.contains(place) ? Self.typhoonFactor : 1
            let slot = (Int64(place) * half..<Int64(place + 1) * half).clamped(to: open)
            var mean = Double(count) * weight / sum * factor
            while mean > 0 {
                // A count without memory: arrivals as independent people make them (Poisson).
                mean -= generator.exponential(mean: 1)
                if mean > 0 { instants.append(slot.lowerBound + Int64(generator.unit() * Double(slot.count))) }
            }
        }
        return instants.sorted()
    }
}
