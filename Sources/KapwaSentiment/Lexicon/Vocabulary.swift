/// The words that the lexicons know while these are being joined: bytes → number, open addressing.
///
/// Words are kept as the tokenizer normalises them (lower case, without apostrophes, accents and skin tones).
struct Vocabulary: WordSource {
    /// Number of a word; words are numbered from 0 in the order in which they were added.
    typealias ID = Int32
    static let none: ID = -1
    /// No message holds a longer word that could be looked up: a term with one is refused.
    static let wordBytesMax = Int(UInt16.max)

    private(set) var bytes: [UInt8] = []
    /// What is known of each word.
    var words: [WordInfo] = []
    /// Eight bits of the hash above the word's number + 1; 0 where free.
    private(set) var slots: [UInt32] = Array(repeating: 0, count: 1_024)
    private(set) var roots = RootFilter()

    var count: Int { words.count }

    @inline(__always)
    static func slot(_ hash: UInt64, _ mask: Int) -> Int { Int(truncatingIfNeeded: hash) & mask }
    /// What marks the slots of words with such a hash.
    @inline(__always)
    static func mark(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 56) << 24 }
    static let numberBits: UInt32 = 0x00FF_FFFF

    func find(_ word: UnsafeBufferPointer<UInt8>) -> ID { find(word, WordKey(word)) }

    func find(_ word: some Sequence<UInt8>) -> ID {
        Array(word).withUnsafeBufferPointer { find($0) }
    }

    private func find(_ word: UnsafeBufferPointer<UInt8>, _ key: WordKey) -> ID {
        let mask = slots.count - 1
        var slot = Self.slot(key.hash, mask)
        while true {
            let cell = slots[slot]
            if cell == 0 { return Self.none }
            let id = ID(cell & Self.numberBits) - 1
            if cell & ~Self.numberBits == Self.mark(key.hash), holds(words[Int(id)], word, key) { return id }
            slot = (slot + 1) & mask
        }
    }

    private func holds(_ info: WordInfo, _ word: UnsafeBufferPointer<UInt8>, _ key: WordKey) -> Bool {
        guard Int(info.length) == word.count, info.head == key.head, info.tail == key.tail else { return false }
        return word.count <= WordKey.wholeMax || bytes(of: info).elementsEqual(word)
    }

    func bytes(of info: WordInfo) -> ArraySlice<UInt8> {
        bytes[Int(info.start)..<Int(info.start) + Int(info.length)]
    }

    /// The word's bytes.
    func text(of id: ID) -> String { String(decoding: bytes(of: words[Int(id)]), as: UTF8.self) }

    mutating func declareRoot(_ id: ID) {
        guard !words[Int(id)].flags.contains(.root) else { return }
        words[Int(id)].flags.insert(.root)
        roots.add(hash(of: id))
    }

    private func hash(of id: ID) -> UInt64 {
        bytes(of: words[Int(id)]).withUnsafeBufferPointer { WordKey($0).hash }
    }

    func root(_ word: UnsafeBufferPointer<UInt8>) -> ID {
        let key = WordKey(word)
        guard roots.mayHold(key.hash) else { return Self.none }
        let id = find(word, key)
        return id >= 0 && words[Int(id)].flags.contains(.root) ? id : Self.none
    }

    /// The word's number; it is added when it is new.
    mutating func add(_ word: UnsafeBufferPointer<UInt8>) -> ID {
        let key = WordKey(word)
        let known = find(word, key)
        if known >= 0 { return known }
        if (count + 1) * 2 > slots.count { grow() }
        let id = ID(count)
        var info = WordInfo()
        (info.head, info.tail) = (key.head, key.tail)
        info.start = UInt32(bytes.count)
        info.length = UInt16(word.count)
        bytes.append(contentsOf: word)
        words.append(info)
        place(key.hash, id)
        return id
    }

    private mutating func place(_ hash: UInt64, _ id: ID) {
        let mask = slots.count - 1
        var slot = Self.slot(hash, mask)
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = Self.mark(hash) | UInt32(id + 1)
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for id in 0..<count { place(hash(of: ID(id)), ID(id)) }
    }
}

/// Where inflected words look for their roots.
protocol WordSource {
    /// The number of the root that these bytes are; −1 when they are none.
    func root(_ word: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID
}

/// Says of nearly every word that is no root that it is none, from memory small enough to stay near.
struct RootFilter {
    static let bits = 1 << 16
    private(set) var cells = [UInt64](repeating: 0, count: bits / 64)

    @inline(__always)
    static func bit(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20) & (bits - 1) }

    mutating func add(_ hash: UInt64) {
        let bit = Self.bit(hash)
        cells[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    func mayHold(_ hash: UInt64) -> Bool {
        let bit = Self.bit(hash)
        return cells[bit >> 6] & 1 << UInt64(bit & 63) != 0
    }
}
