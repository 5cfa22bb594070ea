import Foundation

/// The shapes in which a contact centre's numbers come.
extension SeededGenerator {
    /// Waiting times without memory: the mean is `mean`.
    public mutating func exponential(mean: Double) -> Double { -mean * log(1 - unit()) }

    /// The bell, mean 0 and deviation 1 (Box and Muller, 1958).
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * .pi * unit())
    }

    /// Handle times: half lie below the median, few are very long. `spread` is the deviation of the logarithm.
    public mutating func logNormal(median: Double, spread: Double) -> Double { median * exp(spread * normal()) }

    /// The place of a weight, chosen in proportion; weights are not negative and not all zero.
    public mutating func place(in weights: [Double]) -> Int {
        let sum = weights.reduce(0, +)
        precondition(sum > 0, "weights that are all zero choose nothing")
        var left = unit() * sum
        for (place, weight) in weights.enumerated() where weight > 0 {
            left -= weight
            if left < 0 { return place }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    /// Milliseconds between two counts of seconds.
    public mutating func seconds(_ range: ClosedRange<Int>) -> Int64 {
        Int64(pick((range.lowerBound * 1_000)...(range.upperBound * 1_000)))
    }
}
