/// Finds the root of an inflected word by rule: Tagalog prefixes, infixes, reduplication and suffixes,
/// English endings. Only roots that the lexicon declares (`sira~`) are found, so a wrong cut finds nothing.
struct Morphology {
    /// Words longer than this have no inflection worth looking for.
    static let wordBytesMax = 32
    /// Cuts tried for one word: bounds the work whatever the word.
    private static let candidatesMax = 64

    struct Found {
        var root: Vocabulary.ID = -1
        /// `napaka-`, `pinaka-`: the root is meant strongly.
        var isSuperlative = false
    }

    private struct Candidate {
        var start: Int
        var count: Int
        var isSuperlative: Bool
        var mayCutSuffix: Bool
    }

    /// The word and its respellings; eight bytes before and behind them may be read, whatever they are.
    private var bytes: Buffer<UInt8>
    private var candidates = Buffer<Candidate>(capacity: candidatesMax)
    private let affixes = Affixes()
    private static let slack = 8

    init() {
        // Each candidate with letters of its own has at most one more than the longest word.
        bytes = Buffer(repeating: 0, count: Self.candidatesMax * (Self.wordBytesMax + 2) + 2 * Self.slack)
    }

    func free() {
        bytes.free()
        candidates.free()
        affixes.free()
    }

    /// Tries the cheapest cuts first.
    mutating func root(of word: UnsafeBufferPointer<UInt8>, in words: some WordSource) -> Found {
        bytes.removeAll()
        candidates.removeAll()
        guard (3...Self.wordBytesMax).contains(word.count) else { return Found() }
        for _ in 0..<Self.slack { bytes.append(0) }
        for byte in word where byte != UInt8(ascii: "-") { bytes.append(byte) }
        candidates.append(
            Candidate(start: Self.slack, count: bytes.count - Self.slack, isSuperlative: false, mayCutSuffix: true))
        var next = 0
        while next < candidates.count {
            let candidate = candidates[next]
            next += 1
            let root = words.root(bytes.bytes(candidate.start, candidate.count))
            if root >= 0 {
                return Found(root: root, isSuperlative: candidate.isSuperlative)
            }
            cut(candidate)
        }
        return Found()
    }

    // MARK: Cuts

    private mutating func cut(_ word: Candidate) {
        guard word.count >= 4 else { return }
        cutReduplication(word)
        cutInfix(word)
        let head = UnsafeRawPointer(bytes.base + word.start).loadUnaligned(as: UInt64.self)
        for prefix in affixes.prefixes(of: bytes[word.start])
        where head & prefix.mask == prefix.letters && word.count - prefix.count >= 3 {
            push(word, drop: prefix.count, isSuperlative: prefix.isSuperlative)
        }
        guard word.mayCutSuffix else { return }
        let tail = UnsafeRawPointer(bytes.base + word.start + word.count - 8).loadUnaligned(as: UInt64.self)
        for suffix in affixes.suffixes
        where tail >> UInt64(64 - 8 * suffix.count) == suffix.letters && word.count - suffix.count >= 3 {
            pushShort(word, count: word.count - suffix.count, ending: suffix.ending)
        }
    }

    /// `sisira` → `sira`, `aayos` → `ayos`, `tratrabaho` → `trabaho`.
    private mutating func cutReduplication(_ word: Candidate) {
        let start = word.start
        if Self.isVowel(bytes[start]) {
            if bytes[start] == bytes[start + 1] { push(word, drop: 1) }
            return
        }
        for width in 2...3 where word.count >= width * 2 + 1 || (width == 2 && word.count >= 4) {
            guard word.count >= width * 2, Self.isVowel(bytes[start + width - 1]) else { continue }
            let repeats =
                bytes[start] == bytes[start + width] && bytes[start + 1] == bytes[start + width + 1]
                && bytes[start + width - 1] == bytes[start + width + width - 1]
            if repeats { push(word, drop: width) }
        }
    }

    /// `sinira` → `sira`, `bumagal` → `bagal`, `pinrito` → `prito`.
    private mutating func cutInfix(_ word: Candidate) {
        guard word.count >= 5, !Self.isVowel(bytes[word.start]) else { return }
        for offset in 1...2 where offset + 2 < word.count {
            let first = bytes[word.start + offset]
            let second = bytes[word.start + offset + 1]
            let isInfix =
                (first == UInt8(ascii: "u") && second == UInt8(ascii: "m"))
                || (first == UInt8(ascii: "i") && second == UInt8(ascii: "n"))
            guard isInfix, candidates.count < Self.candidatesMax else { continue }
            let start = bytes.count
            for index in 0..<word.count where index != offset && index != offset + 1 {
                bytes.append(bytes[word.start + index])
            }
            candidates.append(
                Candidate(
                    start: start, count: word.count - 2, isSuperlative: word.isSuperlative,
                    mayCutSuffix: word.mayCutSuffix))
            respell(candidates[candidates.count - 1])
        }
    }

    /// Borrowed roots keep their c where the form is written with k: `kinancel` → `cancel`.
    private mutating func respell(_ word: Candidate) {
        guard bytes[word.start] == UInt8(ascii: "k"), candidates.count < Self.candidatesMax else { return }
        let start = bytes.count
        bytes.append(UInt8(ascii: "c"))
        for index in 1..<word.count { bytes.append(bytes[word.start + index]) }
        var copy = word
        copy.start = start
        candidates.append(copy)
    }

    private mutating func push(_ word: Candidate, drop: Int, isSuperlative: Bool = false) {
        guard candidates.count < Self.candidatesMax else { return }
        candidates.append(
            Candidate(
                start: word.start + drop, count: word.count - drop, isSuperlative: word.isSuperlative || isSuperlative,
                mayCutSuffix: word.mayCutSuffix))
    }

    /// - Parameter ending: a letter in the suffix's place; 0 for none.
    private mutating func pushShort(_ word: Candidate, count: Int, ending: UInt8) {
        guard candidates.count < Self.candidatesMax else { return }
        let start = bytes.count
        for index in 0..<count { bytes.append(bytes[word.start + index]) }
        if ending != 0 { bytes.append(ending) }
        let total = count + (ending != 0 ? 1 : 0)
        candidates.append(
            Candidate(start: start, count: total, isSuperlative: word.isSuperlative, mayCutSuffix: false))
        // cancelled → cancel: the ending may have doubled the last letter.
        if ending == 0, total > 3, bytes[start + total - 1] == bytes[start + total - 2],
            candidates.count < Self.candidatesMax
        {
            candidates.append(
                Candidate(start: start, count: total - 1, isSuperlative: word.isSuperlative, mayCutSuffix: false))
        }
        // gustuhin → gusto, ubusin → ubos: a suffix turns the last o into u.
        var vowel = start + total - 1
        while vowel >= start, vowel > start + total - 4, !Self.isVowel(bytes[vowel]) { vowel -= 1 }
        guard vowel >= start, vowel > start + total - 4, bytes[vowel] == UInt8(ascii: "u"),
            candidates.count < Self.candidatesMax
        else { return }
        let copy = bytes.count
        for index in 0..<total { bytes.append(bytes[start + index]) }
        bytes[copy + vowel - start] = UInt8(ascii: "o")
        candidates.append(
            Candidate(start: copy, count: total, isSuperlative: word.isSuperlative, mayCutSuffix: false))
    }

    @inline(__always)
    static func isVowel(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "a") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "i")
            || byte == UInt8(ascii: "o") || byte == UInt8(ascii: "u")
    }
}
