/// Adjustments that were learned from labelled messages and are added to the hand ratings.
///
/// Unlike hand-rated phrases they overlap: every known word, pair and triple counts once per message.
struct FittedLayer: Sendable {
    private(set) var weights: [Weights] = []
    private(set) var terms: [String] = []
    private var groups: [UInt64: Int32] = [:]
    /// Adjustments that hang on the message as a whole.
    private var signals: [Int32] = Array(repeating: -1, count: Signal.allCases.count)

    /// What a message as a whole may show. In a fitted term: `<always>`.
    enum Signal: Int, CaseIterable {
        case always, question, exclaim, exclaims, capitals, contrast, negated, mention, link, short, long, swear
        case number, elongated, emoji, ellipsis

        var term: String { "<\(self)>" }
    }

    var count: Int { weights.count }

    mutating func add(_ row: Weights, term: String) -> Int32 {
        weights.append(row)
        terms.append(term)
        return Int32(weights.count - 1)
    }

    /// Whether the signal had no adjustment before.
    mutating func set(_ signal: Signal, _ index: Int32) -> Bool {
        defer { signals[signal.rawValue] = index }
        return signals[signal.rawValue] < 0
    }

    func index(of signal: Signal) -> Int32 { signals[signal.rawValue] }

    private static func key(_ first: Vocabulary.ID, _ second: Vocabulary.ID, _ third: Vocabulary.ID) -> UInt64 {
        UInt64(first + 1) << 42 | UInt64(second + 1) << 21 | UInt64(third + 1)
    }

    /// Whether the words had no adjustment before.
    mutating func set(_ words: [Vocabulary.ID], _ index: Int32) -> Bool {
        let key = Self.key(words[0], words[1], words.count > 2 ? words[2] : -1)
        return groups.updateValue(index, forKey: key) == nil
    }

    func pair(_ first: Vocabulary.ID, _ second: Vocabulary.ID) -> Int32 { groups[Self.key(first, second, -1)] ?? -1 }
    func triple(_ first: Vocabulary.ID, _ second: Vocabulary.ID, _ third: Vocabulary.ID) -> Int32 {
        groups[Self.key(first, second, third)] ?? -1
    }
}
