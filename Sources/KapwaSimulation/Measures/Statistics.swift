/// The few statistics that a comparison needs, each tested against worked cases.
public enum Statistics {
    /// The value below or at which so many thousandths of the values lie, by nearest rank; `nil` of nothing.
    public static func percentile(_ thousandths: Int, of sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = (thousandths * sorted.count + 999) / 1_000
        return sorted[min(sorted.count, max(1, rank)) - 1]
    }

    public static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Standard deviation of a sample (n − 1); `nil` of fewer than two.
    public static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1, let mean = mean(values) else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot()
    }

    /// How unevenly something is spread: 0 when all have the same, towards 1 when one has all; 0 of nothing.
    public static func gini(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let sum = sorted.reduce(0, +)
        guard sum > 0 else { return 0 }
        let weighed = sorted.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
        let count = Double(sorted.count)
        return 2 * weighed / (count * sum) - (count + 1) / count
    }

    /// A mean and half the width of its 95 % interval.
    public struct Estimate: Hashable, Sendable {
        public var mean: Double
        public var halfWidth: Double

        /// Whether the interval leaves out zero.
        public var isClear: Bool { abs(mean) > halfWidth }
    }

    /// Student's t interval of a mean; of one value the width is 0 and says nothing.
    public static func estimate(_ values: [Double]) -> Estimate? {
        guard let mean = mean(values) else { return nil }
        guard let deviation = deviation(values) else { return Estimate(mean: mean, halfWidth: 0) }
        let width = student(values.count - 1) * deviation / Double(values.count).squareRoot()
        return Estimate(mean: mean, halfWidth: width)
    }

    /// Interval of the mean difference of pairs: the same seed under both rules, so that what the day brought cancels.
    public static func pairedDifference(_ first: [Double], _ second: [Double]) -> Estimate? {
        precondition(first.count == second.count, "pairs have two sides")
        return estimate(zip(first, second).map { $1 - $0 })
    }

    /// The 97.5th percentile of Student's t, by degrees of freedom: the usual table, and beyond it Fisher's expansion.
    static func student(_ freedom: Int) -> Double {
        let table = [
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
        ]
        precondition(freedom >= 1, "an interval needs two values")
        if freedom <= table.count { return table[freedom - 1] }
        let normal = 1.959_964
        let count = Double(freedom)
        let first = (normal * normal * normal + normal) / (4 * count)
        let fifth = normal * normal * normal * normal * normal
        let second = (5 * fifth + 16 * normal * normal * normal + 3 * normal) / (96 * count * count)
        return normal + first + second
    }
}
