/// Random numbers that depend on the seed alone: the same in every process, on every machine, in every release.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014): one addition and
/// three mixing steps a number, every seed good. What is drawn from it never goes through the standard library's
/// sampling, whose use of bits may change between toolchains.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A stream of its own, so that what one part of a world draws moves no number of another part.
    public mutating func split() -> SeededGenerator { SeededGenerator(seed: next()) }

    /// A whole number of the range, each as likely as the others up to one part in 2⁶⁴ / count.
    public mutating func pick(_ range: Range<Int>) -> Int {
        precondition(!range.isEmpty, "nothing can be picked from an empty range")
        return range.lowerBound + Int(next().multipliedFullWidth(by: UInt64(range.count)).high)
    }

    /// A whole number of the range, both ends included.
    public mutating func pick(_ range: ClosedRange<Int>) -> Int { pick(range.lowerBound..<(range.upperBound + 1)) }

    /// One of the elements.
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[pick(0..<elements.count)] }

    /// A number of 0..<1, in steps of 2⁻⁵³.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True so many times in a thousand.
    public mutating func isLucky(_ thousandths: Int) -> Bool { pick(0..<1_000) < thousandths }
}
