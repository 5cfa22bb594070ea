/// Remembers what words outside of the vocabulary were resolved to. It changes nothing but the time that it takes.
struct ResolutionMemory {
    private static let slotsMax = 16_384
    private static let stride = Morphology.wordBytesMax
    /// Words that stand for more than these are resolved anew each time.
    static let partsMax = 3

    /// What one word stands for.
    struct Meaning {
        /// The word remembered; its length is 0 where none is. Compared byte for byte when it is longer than a key.
        fileprivate var head: UInt64 = 0
        fileprivate var tail: UInt64 = 0
        fileprivate var length: UInt8 = 0
        var count: UInt8 = 0
        var parts = InlineArray<3, Resolver.Resolution>(repeating: Resolver.Resolution())
    }

    private let words = Buffer<UInt8>(repeating: 0, count: slotsMax * stride)
    private let meanings = Buffer<Meaning>(repeating: Meaning(), count: slotsMax)

    func free() {
        words.free()
        meanings.free()
    }

    @inline(__always)
    private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 8) & (slotsMax - 1) }

    /// The number of the meaning, if the word has one.
    @inline(__always)
    func find(_ word: UnsafeBufferPointer<UInt8>, _ key: WordKey) -> Int? {
        let slot = Self.slot(key.hash)
        guard meanings[slot].head == key.head, meanings[slot].tail == key.tail,
            Int(meanings[slot].length) == word.count, !word.isEmpty
        else { return nil }
        return word.count <= WordKey.wholeMax || words.bytes(slot * Self.stride, word.count).elementsEqual(word)
            ? slot : nil
    }

    subscript(meaning: Int) -> Meaning {
        _read { yield meanings[meaning] }
    }

    /// Overwrites what was remembered in the same place.
    func keep(_ word: UnsafeBufferPointer<UInt8>, _ key: WordKey, _ parts: Buffer<Resolver.Resolution>) {
        guard let base = word.baseAddress, word.count <= Self.stride, (1...Self.partsMax).contains(parts.count) else {
            return
        }
        let slot = Self.slot(key.hash)
        var meaning = Meaning(
            head: key.head, tail: key.tail, length: UInt8(word.count), count: UInt8(parts.count))
        for index in parts.indices { meaning.parts[index] = parts[index] }
        meanings[slot] = meaning
        (words.base + slot * Self.stride).update(from: base, count: word.count)
    }
}
