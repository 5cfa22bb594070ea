/// Adjustments that were learned from labelled messages and are added to the hand ratings.
///
/// Unlike hand-rated phrases they overlap: every known word, pair and triple counts once per message.
struct FittedLayer: Sendable {
    private(set) var weights: [Weights] = []
    /// Adjustments that hang on the message as a whole.
    private(set) var signals: [Int32] = Array(repeating: -1, count: Signal.slots)
    /// Pairs and triples: open addressing, `.max` where free.
    private(set) var keys: [UInt64] = Array(repeating: .max, count: 256)
    private(set) var values: [Int32] = Array(repeating: -1, count: 256)
    private(set) var hasTriples = false
    private var groups = 0

    mutating func add(_ row: Weights) -> Int32 {
        weights.append(row)
        return Int32(weights.count - 1)
    }

    /// Whether the signal had no adjustment before.
    mutating func set(signal slot: Int, _ index: Int32) -> Bool {
        defer { signals[slot] = index }
        return signals[slot] < 0
    }

    /// A word has 21 bits in a group's key.
    static let wordsMax = 1 << 21 - 2

    @inline(__always)
    static func key(_ first: Vocabulary.ID, _ second: Vocabulary.ID, _ third: Vocabulary.ID) -> UInt64 {
        UInt64(first + 1) << 42 | UInt64(second + 1) << 21 | UInt64(third + 1)
    }

    /// Whether the words had no adjustment before.
    mutating func set(_ words: [Vocabulary.ID], _ index: Int32) -> Bool {
        if words.count > 2 { hasTriples = true }
        if (groups + 1) * 2 > keys.count { grow() }
        return place(Self.key(words[0], words[1], words.count > 2 ? words[2] : -1), index)
    }

    private mutating func grow() {
        let old = zip(keys, values).filter { $0.0 != .max }
        keys = Array(repeating: .max, count: keys.count * 2)
        values = Array(repeating: -1, count: keys.count)
        groups = 0
        for (key, value) in old { _ = place(key, value) }
    }

    private mutating func place(_ key: UInt64, _ index: Int32) -> Bool {
        let mask = keys.count - 1
        var slot = PhraseTrie.slot(key, mask)
        while keys[slot] != .max {
            if keys[slot] == key { return false }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        values[slot] = index
        groups += 1
        return true
    }
}
