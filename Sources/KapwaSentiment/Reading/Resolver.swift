/// Finds the word that a spelling stands for: text-speak, drawn-out letters, linkers, hyphens, affixes.
struct Resolver {
    struct Resolution {
        var word: Vocabulary.ID = -1
        /// For words that are known only by their root.
        var root: Vocabulary.ID = -1
        var flags: Token.Flags = []
    }

    /// What the word just resolved stands for: one word, or several (`dko` is `di ko`).
    private(set) var resolutions = Buffer<Resolution>(capacity: 16)
    private let tables: Tables
    private let numberWord: Vocabulary.ID

    private var morphology = Morphology()
    private var variant = Buffer<UInt8>(capacity: 256)
    private let memory = ResolutionMemory()

    init(lexicon: Lexicon) {
        tables = lexicon.tables
        numberWord = lexicon.numberWord
    }

    func free() {
        resolutions.free()
        variant.free()
        morphology.free()
        memory.free()
    }

    /// An emoji, or the first of the joined ones when the whole is not known.
    func resolveEmoji(_ segment: Segment, _ bytes: UnsafeBufferPointer<UInt8>) -> Resolution {
        let whole = tables.words.find(bytes, segment.key)
        if whole >= 0 || segment.kind == .emoticon || bytes.isEmpty { return Resolution(word: whole) }
        let (_, length) = Segmenter.decode(bytes, 0)
        return Resolution(word: tables.words.find(UnsafeBufferPointer(rebasing: bytes[0..<length])))
    }

    /// Resolves a word that is not in the vocabulary, or that is there as a spelling of others.
    mutating func resolve(_ word: UnsafeBufferPointer<UInt8>, _ key: WordKey, direct: Vocabulary.ID) {
        resolutions.removeAll()
        guard word.count <= Morphology.wordBytesMax else {
            return direct >= 0 ? append(Resolution(word: direct)) : resolutions.append(Resolution())
        }
        if let known = memory.find(word, key) {
            for index in 0..<Int(memory[known].count) { resolutions.append(memory[known].parts[index]) }
            return
        }
        if direct >= 0 {
            append(Resolution(word: direct))
        } else if !splits(word) {
            append(search(word))
        }
        memory.keep(word, key, resolutions)
    }

    /// Adds a resolution, or the words that it is a spelling of.
    private mutating func append(_ resolution: Resolution) {
        guard resolution.word >= 0 else { return resolutions.append(resolution) }
        guard tables.words[resolution.word].flags.contains(.spelling) else { return resolutions.append(resolution) }
        for word in tables.words.spelled(resolution.word) {
            resolutions.append(Resolution(word: word, flags: resolution.flags))
        }
    }

    private func find(_ bytes: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID { tables.words.find(bytes) }

    /// The root that inflection leads to, for a word that is not in the vocabulary.
    private mutating func inflected(_ bytes: UnsafeBufferPointer<UInt8>) -> Resolution? {
        let found = morphology.root(of: bytes, in: tables.words)
        guard found.root >= 0 else { return nil }
        return Resolution(root: found.root, flags: found.isSuperlative ? [.superlative] : [])
    }

    // MARK: Splitting

    private static let hyphen = UInt8(ascii: "-")

    /// `3days` is a number and a word; `order-delivery` is two words.
    private mutating func splits(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let cut = word.firstIndex(of: Self.hyphen) else { return splitsNumber(word) }
        variant.removeAll()
        for byte in word where byte != Self.hyphen { variant.append(byte) }
        let whole = find(variant.bytes(0, variant.count))
        if whole >= 0 {
            append(Resolution(word: whole))
            return true
        }
        let left = UnsafeBufferPointer(rebasing: word[..<cut])
        let right = UnsafeBufferPointer(rebasing: word[(cut + 1)...])
        if !left.isEmpty, !right.isEmpty, !right.contains(Self.hyphen), let found = hyphenated(left, right) {
            append(found)
            return true
        }
        for part in word.split(separator: Self.hyphen) {
            let part = UnsafeBufferPointer(rebasing: part)
            let id = find(part)
            append(id >= 0 ? Resolution(word: id) : inflected(part) ?? Resolution())
        }
        return true
    }

    private mutating func splitsNumber(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let letter = word.firstIndex(where: { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") }), letter > 0
        else { return false }
        let id = find(UnsafeBufferPointer(rebasing: word[letter...]))
        guard id >= 0 else { return false }
        resolutions.append(Resolution(word: numberWord, flags: [.number]))
        append(Resolution(word: id))
        return true
    }

    /// `na-cancel` is a form of `cancel`; `sira-sira` is `sira`, doubled.
    private mutating func hyphenated(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Resolution? {
        let id = find(right)
        if left.elementsEqual(right) { return Resolution(word: id, flags: [.doubled]) }
        guard left.count <= 8, Self.affixes.contains(Self.packed(left)) else { return nil }
        if id >= 0 {
            let root = tables.words[id].root
            return root >= 0 ? Resolution(root: root) : Resolution(word: id)
        }
        return inflected(right) ?? inflected(variant.bytes(0, variant.count))
    }

    /// What stands before the hyphen of an inflected word, as ``packed(_:)`` numbers it.
    private static let affixes = Set(
        [
            "na", "nag", "mag", "naka", "maka", "nakaka", "nagka", "magka", "nagpa", "magpa", "pina", "pinag", "ipa",
            "ipina", "i", "ini", "pa", "paki", "pag", "ma", "mai", "nai", "ni", "ka", "um", "in", "nang", "mang",
            "papa", "ipapa", "nagpapa", "magpapa", "nagma", "pagka", "mina", "isang", "di", "ire", "nire", "napa",
        ].map { packed($0.utf8) })

    /// Up to eight bytes as one number.
    private static func packed(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    // MARK: Spellings

    /// Tries, from the nearest to the farthest: fewer drawn-out letters, no linker, `mali2`, leet, inflection.
    private mutating func search(_ word: UnsafeBufferPointer<UInt8>) -> Resolution {
        let drawn = Self.hasRun(word)
        for keep in drawn ? 0...2 : 0...0 {
            squeeze(word, keep: 2 - keep)
            if variant.count < 2 { continue }
            let id = find(variant.bytes(0, variant.count))
            if id >= 0 { return Resolution(word: id, flags: keep == 0 ? [] : [.elongated]) }
            let linked = withoutLinker(variant.bytes(0, variant.count))
            if linked >= 0 { return Resolution(word: linked, flags: [.linked]) }
        }
        if word.count >= 4, word.last == UInt8(ascii: "2") {
            let base = UnsafeBufferPointer(rebasing: word.dropLast())
            let id = find(base)
            if id >= 0 { return Resolution(word: id, flags: [.doubled]) }
            if var found = inflected(base) {
                found.flags.insert(.doubled)
                return found
            }
        }
        if unleet(word) {
            let id = find(variant.bytes(0, variant.count))
            if id >= 0 { return Resolution(word: id) }
        }
        if let found = inflected(word) { return found }
        if drawn {
            squeeze(word, keep: 1)
            if let found = inflected(variant.bytes(0, variant.count)) { return found }
        }
        return Resolution()
    }

    /// `magandang` → `maganda`, `aking` → `akin`.
    private func withoutLinker(_ bytes: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID {
        guard bytes.count >= 5, bytes[bytes.count - 1] == UInt8(ascii: "g"), bytes[bytes.count - 2] == UInt8(ascii: "n")
        else { return -1 }
        let vowel = find(UnsafeBufferPointer(rebasing: bytes.dropLast(2)))
        return vowel >= 0 ? vowel : find(UnsafeBufferPointer(rebasing: bytes.dropLast(1)))
    }

    private static func hasRun(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in 1..<max(1, bytes.count) where bytes[index] == bytes[index - 1] { return true }
        return false
    }

    /// Shortens runs of a letter: of three or more to `keep`; with 0 every run to one.
    private mutating func squeeze(_ bytes: UnsafeBufferPointer<UInt8>, keep: Int) {
        variant.removeAll()
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
            let run = end - index
            let kept = keep == 0 ? 1 : (run >= 3 ? keep : run)
            for _ in 0..<kept { variant.append(bytes[index]) }
            index = end
        }
    }

    /// `b0b0` → `bobo`, `g@go` → `gago`; whether that changes anything.
    private mutating func unleet(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        variant.removeAll()
        var changes = false
        for byte in bytes {
            let plain: UInt8
            switch byte {
            case UInt8(ascii: "0"): plain = UInt8(ascii: "o")
            case UInt8(ascii: "1"): plain = UInt8(ascii: "i")
            case UInt8(ascii: "3"): plain = UInt8(ascii: "e")
            case UInt8(ascii: "4"), UInt8(ascii: "@"): plain = UInt8(ascii: "a")
            case UInt8(ascii: "5"): plain = UInt8(ascii: "s")
            case UInt8(ascii: "7"): plain = UInt8(ascii: "t")
            default: plain = byte
            }
            changes = changes || plain != byte
            variant.append(plain)
        }
        return changes
    }
}
