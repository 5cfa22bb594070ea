/// Finds the word that a spelling stands for: text-speak, drawn-out letters, linkers, hyphens, affixes.
struct Resolver {
    struct Resolution {
        var word: Vocabulary.ID = -1
        /// For words that are known only by their root.
        var root: Vocabulary.ID = -1
        var flags: Token.Flags = []
    }

    /// What the word just resolved stands for: one word, or several (`dko` is `di ko`).
    private(set) var resolutions: [Resolution] = []
    private let tables: Tables
    private let numberWord: Vocabulary.ID

    private var morphology = Morphology()
    private var word: [UInt8] = []
    private var variant: [UInt8] = []
    private var memory = ResolutionMemory()

    init(lexicon: Lexicon) {
        tables = lexicon.tables
        numberWord = lexicon.numberWord
        resolutions.reserveCapacity(8)
        word.reserveCapacity(256)
        variant.reserveCapacity(256)
    }

    func find(_ segment: Segment, in normal: [UInt8]) -> Vocabulary.ID {
        normal.withUnsafeBufferPointer {
            tables.vocabulary.find(Self.slice($0, segment), hash: segment.hash)
        }
    }

    private static func slice(_ normal: UnsafeBufferPointer<UInt8>, _ segment: Segment) -> UnsafeBufferPointer<UInt8> {
        let start = Int(segment.normalStart)
        return UnsafeBufferPointer(rebasing: normal[start..<start + Int(segment.normalCount)])
    }

    /// An emoji, or the first of the joined ones when the whole is not known.
    func resolveEmoji(_ segment: Segment, in normal: [UInt8]) -> Resolution {
        let whole = find(segment, in: normal)
        if whole >= 0 || segment.kind == .emoticon { return Resolution(word: whole) }
        return normal.withUnsafeBufferPointer { bytes in
            let all = Self.slice(bytes, segment)
            guard !all.isEmpty else { return Resolution() }
            let (_, length) = Segmenter.decode(all, 0)
            return Resolution(word: tables.vocabulary.find(UnsafeBufferPointer(rebasing: all[0..<length])))
        }
    }

    mutating func resolve(_ segment: Segment, in normal: [UInt8]) {
        resolutions.removeAll(keepingCapacity: true)
        let direct = find(segment, in: normal)
        if direct >= 0 { return append(Resolution(word: direct)) }
        word.removeAll(keepingCapacity: true)
        normal.withUnsafeBufferPointer { word.append(contentsOf: Self.slice($0, segment)) }
        guard word.count <= Morphology.wordBytesMax else { return append(Resolution()) }
        if let known = memory.find(word, hash: segment.hash) { return append(known) }
        if splits() { return }
        let found = search()
        memory.keep(word, hash: segment.hash, found)
        append(found)
    }

    /// Adds a resolution, or the words that it is a spelling of.
    private mutating func append(_ resolution: Resolution) {
        guard resolution.word >= 0 else { return resolutions.append(resolution) }
        let info = tables.words[resolution.word]
        guard info.aliasCount > 0 else { return resolutions.append(resolution) }
        for index in info.aliasStart..<info.aliasStart + info.aliasCount {
            resolutions.append(Resolution(word: tables.aliasTargets[index], flags: resolution.flags))
        }
    }

    private func find(_ bytes: [UInt8]) -> Vocabulary.ID {
        bytes.withUnsafeBufferPointer { tables.vocabulary.find($0) }
    }

    /// The roots that inflection leads to, for a word that is not in the vocabulary.
    private mutating func inflected(_ bytes: [UInt8]) -> Resolution? {
        let found = bytes.withUnsafeBufferPointer { morphology.root(of: $0, in: tables.vocabulary) }
        guard found.root >= 0 else { return nil }
        return Resolution(root: found.root, flags: found.isSuperlative ? [.superlative] : [])
    }

    // MARK: Splitting

    /// `3days` is a number and a word; `order-delivery` is two words.
    private mutating func splits() -> Bool {
        let digits = word.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
        if digits > 0, digits < word.count, !word.contains(UInt8(ascii: "-")) {
            let rest = Array(word[digits...])
            let id = find(rest)
            guard id >= 0 else { return false }
            resolutions.append(Resolution(word: numberWord, flags: [.number]))
            append(Resolution(word: id))
            return true
        }
        guard word.contains(UInt8(ascii: "-")) else { return false }
        let parts = word.split(separator: UInt8(ascii: "-")).map(Array.init)
        let joined = parts.flatMap { $0 }
        let whole = find(joined)
        if whole >= 0 {
            append(Resolution(word: whole))
            return true
        }
        if parts.count == 2, let hyphenated = hyphenated(parts[0], parts[1]) {
            append(hyphenated)
            return true
        }
        for part in parts {
            let id = find(part)
            append(id >= 0 ? Resolution(word: id) : inflected(part) ?? Resolution())
        }
        return true
    }

    /// `na-cancel` is a form of `cancel`; `sira-sira` is `sira`, doubled.
    private mutating func hyphenated(_ left: [UInt8], _ right: [UInt8]) -> Resolution? {
        let id = find(right)
        if left == right { return Resolution(word: id, flags: [.doubled]) }
        guard Self.affixes.contains(left) else { return nil }
        if id >= 0 {
            let info = tables.words[id]
            return info.root >= 0 ? Resolution(root: info.root) : Resolution(word: id)
        }
        return inflected(right) ?? inflected(left + right)
    }

    private static let affixes: Set<[UInt8]> = Set(
        [
            "na", "nag", "mag", "naka", "maka", "nakaka", "nagka", "magka", "nagpa", "magpa", "pina", "pinag", "ipa",
            "ipina", "i", "ini", "pa", "paki", "pag", "ma", "mai", "nai", "ni", "ka", "um", "in", "nang", "mang",
            "papa", "ipapa", "nagpapa", "magpapa", "nagma", "pagka", "mina", "isang", "di", "ire", "nire", "napa",
        ].map { Array($0.utf8) })

    // MARK: Spellings

    /// Tries, from the nearest to the farthest: fewer drawn-out letters, no linker, `mali2`, leet, inflection.
    private mutating func search() -> Resolution {
        let drawn = Self.hasRun(word)
        for keep in drawn ? [2, 1, 0] : [2] {
            Self.squeeze(word, keep: keep, into: &variant)
            if variant.count < 2 { continue }
            let id = find(variant)
            if id >= 0 { return Resolution(word: id, flags: keep == 2 ? [] : [.elongated]) }
            let linked = withoutLinker(variant)
            if linked >= 0 { return Resolution(word: linked, flags: [.linked]) }
        }
        if word.count >= 4, word.last == UInt8(ascii: "2") {
            let base = Array(word.dropLast())
            let id = find(base)
            if id >= 0 { return Resolution(word: id, flags: [.doubled]) }
            if var found = inflected(base) {
                found.flags.insert(.doubled)
                return found
            }
        }
        let plain = Self.unleet(word)
        if plain != word {
            let id = find(plain)
            if id >= 0 { return Resolution(word: id) }
        }
        if let found = inflected(word) { return found }
        if drawn {
            Self.squeeze(word, keep: 1, into: &variant)
            if let found = inflected(variant) { return found }
        }
        return Resolution()
    }

    /// `magandang` → `maganda`, `aking` → `akin`.
    private func withoutLinker(_ bytes: [UInt8]) -> Vocabulary.ID {
        guard bytes.count >= 5, bytes[bytes.count - 1] == UInt8(ascii: "g"), bytes[bytes.count - 2] == UInt8(ascii: "n")
        else { return -1 }
        let vowel = find(Array(bytes.dropLast(2)))
        return vowel >= 0 ? vowel : find(Array(bytes.dropLast(1)))
    }

    private static func hasRun(_ bytes: [UInt8]) -> Bool {
        for index in 1..<max(1, bytes.count) where bytes[index] == bytes[index - 1] { return true }
        return false
    }

    /// Shortens runs of a letter: of three or more to `keep`; with 0 every run to one.
    private static func squeeze(_ bytes: [UInt8], keep: Int, into result: inout [UInt8]) {
        result.removeAll(keepingCapacity: true)
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
            let run = end - index
            let kept = keep == 0 ? 1 : (run >= 3 ? keep : run)
            for _ in 0..<kept { result.append(bytes[index]) }
            index = end
        }
    }

    /// `b0b0` → `bobo`, `g@go` → `gago`.
    private static func unleet(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { byte in
            switch byte {
            case UInt8(ascii: "0"): UInt8(ascii: "o")
            case UInt8(ascii: "1"): UInt8(ascii: "i")
            case UInt8(ascii: "3"): UInt8(ascii: "e")
            case UInt8(ascii: "4"), UInt8(ascii: "@"): UInt8(ascii: "a")
            case UInt8(ascii: "5"): UInt8(ascii: "s")
            case UInt8(ascii: "7"): UInt8(ascii: "t")
            default: byte
            }
        }
    }
}
