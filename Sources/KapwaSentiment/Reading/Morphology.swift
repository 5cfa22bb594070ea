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

    private var bytes: [UInt8] = []
    private var candidates: [Candidate] = []

    init() {
        bytes.reserveCapacity(Self.candidatesMax * Self.wordBytesMax)
        candidates.reserveCapacity(Self.candidatesMax)
    }

    /// Tries the cheapest cuts first.
    mutating func root(of word: UnsafeBufferPointer<UInt8>, in words: some WordSource) -> Found {
        bytes.removeAll(keepingCapacity: true)
        candidates.removeAll(keepingCapacity: true)
        guard (3...Self.wordBytesMax).contains(word.count) else { return Found() }
        for byte in word where byte != UInt8(ascii: "-") { bytes.append(byte) }
        candidates.append(Candidate(start: 0, count: bytes.count, isSuperlative: false, mayCutSuffix: true))
        var next = 0
        while next < candidates.count {
            let candidate = candidates[next]
            next += 1
            let root = bytes.withUnsafeBufferPointer {
                words.root(UnsafeBufferPointer(rebasing: $0[candidate.start..<candidate.start + candidate.count]))
            }
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
        for prefix in Self.prefixes where has(word, prefix: prefix.text) && word.count - prefix.text.count >= 3 {
            push(word, drop: prefix.text.count, isSuperlative: prefix.isSuperlative)
        }
        guard word.mayCutSuffix else { return }
        for suffix in Self.suffixes where has(word, suffix: suffix.text) && word.count - suffix.text.count >= 3 {
            pushShort(word, count: word.count - suffix.text.count, ending: suffix.then)
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
            let repeats = (0..<width).allSatisfy { bytes[start + $0] == bytes[start + width + $0] }
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

    private mutating func pushShort(_ word: Candidate, count: Int, ending: [UInt8]) {
        guard candidates.count < Self.candidatesMax else { return }
        let start = bytes.count
        for index in 0..<count { bytes.append(bytes[word.start + index]) }
        bytes += ending
        let total = count + ending.count
        candidates.append(
            Candidate(start: start, count: total, isSuperlative: word.isSuperlative, mayCutSuffix: false))
        // cancelled → cancel: the ending may have doubled the last letter.
        if ending.isEmpty, total > 3, bytes[start + total - 1] == bytes[start + total - 2],
            candidates.count < Self.candidatesMax
        {
            candidates.append(
                Candidate(start: start, count: total - 1, isSuperlative: word.isSuperlative, mayCutSuffix: false))
        }
        // gustuhin → gusto, ubusin → ubos: a suffix turns the last o into u.
        guard let vowel = (0..<min(3, total)).map({ start + total - 1 - $0 }).first(where: { Self.isVowel(bytes[$0]) }),
            bytes[vowel] == UInt8(ascii: "u"), candidates.count < Self.candidatesMax
        else { return }
        let copy = bytes.count
        for index in 0..<total { bytes.append(bytes[start + index]) }
        bytes[copy + vowel - start] = UInt8(ascii: "o")
        candidates.append(
            Candidate(start: copy, count: total, isSuperlative: word.isSuperlative, mayCutSuffix: false))
    }

    private func has(_ word: Candidate, prefix: [UInt8]) -> Bool {
        guard word.count > prefix.count else { return false }
        for offset in 0..<prefix.count where bytes[word.start + offset] != prefix[offset] { return false }
        return true
    }

    private func has(_ word: Candidate, suffix: [UInt8]) -> Bool {
        guard word.count > suffix.count else { return false }
        let start = word.start + word.count - suffix.count
        for offset in 0..<suffix.count where bytes[start + offset] != suffix[offset] { return false }
        return true
    }

    static func isVowel(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "a") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "i")
            || byte == UInt8(ascii: "o") || byte == UInt8(ascii: "u")
    }

    private struct Prefix {
        var text: [UInt8]
        var isSuperlative = false
    }

    private struct Suffix {
        var text: [UInt8]
        var then: [UInt8] = []
    }

    private static let prefixes: [Prefix] =
        ["napaka", "pinaka", "napka", "pnaka", "npaka", "npka"].map {
            Prefix(text: Array($0.utf8), isSuperlative: true)
        }
        + [
            "nakakapag", "makakapag", "nakapag", "makapag", "nakaka", "makaka", "naka", "maka", "nagka", "magka",
            "nagpa", "magpa", "pinagpa", "pinag", "pinapa", "pina", "ipinag", "ipina", "ipapa", "ipag", "ipa", "ini",
            "nag", "mag", "nang", "mang", "pang", "nam", "mam", "pam", "nan", "man", "pan", "pagka", "pag", "paki",
            "napa", "mapa", "nai", "mai", "na", "ma", "ni", "pa", "ka", "i", "um", "in", "nka", "mka", "nkaka", "mkaka",
            "ng", "mg", "nkka", "mkka", "n", "m", "kaka", "ikina", "nasi", "un", "re", "over",
        ].map { Prefix(text: Array($0.utf8)) }

    private static let suffixes: [Suffix] =
        [
            "ng", "g", "hin", "in", "han", "an", "nin", "nan", "s", "es", "ed", "d", "ing", "er", "ers", "ly", "ness",
            "n",
        ]
        .map { Suffix(text: Array($0.utf8)) } + [
            Suffix(text: Array("ing".utf8), then: Array("e".utf8)),
            Suffix(text: Array("ies".utf8), then: Array("y".utf8)),
            Suffix(text: Array("ied".utf8), then: Array("y".utf8)),
            Suffix(text: Array("ation".utf8), then: Array("e".utf8)),
            Suffix(text: Array("ation".utf8)), Suffix(text: Array("ment".utf8)), Suffix(text: Array("able".utf8)),
        ]
}
