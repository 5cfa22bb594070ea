/// A score in thousandths: 0…1000 for tags, −1000…1000 for polarity.
///
/// Whole numbers inside, three decimals outside (`0.830`), so that what is shown is what was tested.
public struct Score: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
    /// A hundred thousand conversations wait with a score for each tag, twice.
    private var stored: Int32

    /// Thousandths.
    public var milli: Int {
        get { Int(stored) }
        set { stored = Int32(clamping: newValue) }
    }

    public init(milli: Int) { stored = Int32(clamping: milli) }
    public init(integerLiteral value: Int) { self.init(milli: value) }

    public static let zero = Score(milli: 0)
    public static let one = Score(milli: 1_000)
    /// At or above this a tag holds.
    public static let holds = Score(milli: 500)
    /// At or above this frustration and distress are strong, urgency is hard.
    public static let strong = Score(milli: 700)

    public static func < (left: Self, right: Self) -> Bool { left.stored < right.stored }
}
