internal import KapwaDomain

/// What an entry adds to each sum, in thousandths.
struct Weights: Hashable, Sendable {
    /// The sums that entries add to. The first five are tags; the last three make the polarity.
    enum Axis: Int, CaseIterable, Sendable {
        case frustration, urgency, family, distress, relief, positive, negative, mixed

        /// The column's name in a lexicon file.
        var name: String {
            switch self {
            case .frustration: "frustration"
            case .urgency: "urgency"
            case .family: "family"
            case .distress: "distress"
            case .relief: "relief"
            case .positive: "positive"
            case .negative: "negative"
            case .mixed: "mixed"
            }
        }

        /// The sums that are tags.
        static let tags: [(axis: Axis, tag: Tag)] = [
            (.frustration, .frustration), (.urgency, .urgency), (.family, .family), (.distress, .distress),
            (.relief, .relief),
        ]

        /// What a lexicon file may say: tags up to one, feelings up to three.
        var range: ClosedRange<Int32> { rawValue <= Axis.relief.rawValue ? -1_000...1_000 : -3_000...3_000 }
    }

    var lanes = SIMD8<Int32>(repeating: 0)

    static var zero: Weights { Weights() }

    subscript(axis: Axis) -> Int32 {
        get { lanes[axis.rawValue] }
        set { lanes[axis.rawValue] = newValue }
    }

    var isZero: Bool { lanes == .zero }

    /// No weight grows beyond this, however many intensifiers stand beside it: products with any factor, and the sum
    /// over the longest message, stay within 32 bits.
    private static let bound: Int32 = 50_000

    /// Scales every axis by thousandths.
    func scaled(_ milli: Int32) -> Weights {
        var result = self
        // Lane by lane: there is no instruction that divides several whole numbers.
        for lane in 0..<8 {
            let product = lanes[lane] &* milli / 1_000
            result.lanes[lane] = min(Self.bound, max(-Self.bound, product))
        }
        return result
    }

    static func += (left: inout Weights, right: Weights) { left.lanes &+= right.lanes }
}
