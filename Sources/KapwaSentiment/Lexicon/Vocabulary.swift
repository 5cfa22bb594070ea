/// The words that the lexicons know: bytes → number, open addressing over one flat array.
///
/// Words are kept as the tokenizer normalises them (lower case, without apostrophes, accents and skin tones).
struct Vocabulary: WordSource, Sendable {
    /// Number of a word; words are numbered from 0 in the order in which they were added.
    typealias ID = Int32
    static let none: ID = -1

    private(set) var bytes: [UInt8] = []
    private(set) var starts: [Int32] = [0]
    private(set) var hashes: [UInt64] = []
    private(set) var slots: [ID] = Array(repeating: -1, count: 1_024)
    /// By word: whether it was declared a root (`sira~`).
    private(set) var isRoot: [Bool] = []

    var count: Int { hashes.count }

    static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = Self.seed
        for byte in word { hash = mix(hash, byte) }
        return hash
    }

    static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
    @inline(__always)
    static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

    /// Where the search for a hash starts; the high bits are the better mixed ones.
    @inline(__always)
    static func slot(_ hash: UInt64, _ mask: Int) -> Int { Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask }

    func find(_ word: UnsafeBufferPointer<UInt8>) -> ID { find(word, hash: Self.hash(word)) }

    @inline(__always)
    func find(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) -> ID {
        let mask = slots.count - 1
        var slot = Self.slot(hash, mask)
        while true {
            let id = slots[slot]
            if id < 0 { return Self.none }
            if hashes[Int(id)] == hash && equals(id, word) { return id }
            slot = (slot + 1) & mask
        }
    }

    func find(_ word: some Sequence<UInt8>) -> ID {
        Array(word).withUnsafeBufferPointer { find($0) }
    }

    /// The word's bytes.
    func text(of id: ID) -> String {
        String(decoding: bytes[Int(starts[Int(id)])..<Int(starts[Int(id) + 1])], as: UTF8.self)
    }

    mutating func declareRoot(_ id: ID) { isRoot[Int(id)] = true }

    func root(_ word: UnsafeBufferPointer<UInt8>) -> ID {
        let id = find(word)
        return id >= 0 && isRoot[Int(id)] ? id : Self.none
    }

    mutating func add(_ word: [UInt8]) -> ID {
        let hash = word.withUnsafeBufferPointer { Self.hash($0) }
        let known = word.withUnsafeBufferPointer { find($0, hash: hash) }
        if known >= 0 { return known }
        if (count + 1) * 2 > slots.count { grow() }
        let id = ID(count)
        bytes += word
        starts.append(Int32(bytes.count))
        hashes.append(hash)
        isRoot.append(false)
        place(id)
        return id
    }

    private func equals(_ id: ID, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(starts[Int(id)])
        guard Int(starts[Int(id) + 1]) - start == word.count else { return false }
        for offset in 0..<word.count where bytes[start + offset] != word[offset] { return false }
        return true
    }

    private mutating func place(_ id: ID) {
        let mask = slots.count - 1
        var slot = Self.slot(hashes[Int(id)], mask)
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = id
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for id in 0..<count { place(ID(id)) }
    }
}

/// Where inflected words look for their roots.
protocol WordSource {
    /// The number of the root that these bytes are; −1 when they are none.
    func root(_ word: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID
}
