/// What ``Morphology`` cuts off, as numbers that eight letters of a word are compared with at once.
struct Affixes {
    struct Prefix {
        /// The letters, the first lowest, and the bits that they fill.
        var letters: UInt64
        var mask: UInt64
        var count: Int
        var isSuperlative: Bool
    }

    struct Suffix {
        /// The letters, the first lowest.
        var letters: UInt64
        var count: Int
        /// The letter that takes its place; 0 for none.
        var ending: UInt8
    }

    let suffixes: Buffer<Suffix>
    private let prefixes: Buffer<Prefix>
    /// By first letter: where its prefixes begin. One more than there are letters.
    private let starts: Buffer<Int32>

    init() {
        var ordered = Buffer<Prefix>(capacity: Self.prefixTexts.count)
        var starts = Buffer<Int32>(capacity: 27)
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
            starts.append(Int32(ordered.count))
            for (index, text) in Self.prefixTexts.enumerated() where text.utf8.first == letter {
                let count = text.utf8.count
                ordered.append(
                    Prefix(
                        letters: Self.packed(text), mask: .max >> UInt64(64 - 8 * count), count: count,
                        isSuperlative: index < Self.superlatives))
            }
        }
        starts.append(Int32(ordered.count))
        prefixes = ordered
        self.starts = starts
        var endings = Buffer<Suffix>(capacity: Self.suffixTexts.count)
        for (text, ending) in Self.suffixTexts {
            endings.append(
                Suffix(letters: Self.packed(text), count: text.utf8.count, ending: ending.utf8.first ?? 0))
        }
        suffixes = endings
    }

    func free() {
        suffixes.free()
        prefixes.free()
        starts.free()
    }

    /// The prefixes that begin with a letter, in the order in which they are tried.
    func prefixes(of letter: UInt8) -> Slice<Buffer<Prefix>> {
        let index = Int(letter &- UInt8(ascii: "a"))
        guard index < 26 else { return prefixes[0..<0] }
        return prefixes[Int(starts[index])..<Int(starts[index + 1])]
    }

    private static func packed(_ text: String) -> UInt64 {
        text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    // None is longer than eight letters; `nakakapag-` is cut in two steps.
    /// How many of the first prefixes make a superlative.
    private static let superlatives = 6
    private static let prefixTexts = [
        "napaka", "pinaka", "napka", "pnaka", "npaka", "npka",
        "nakapag", "makapag", "nakaka", "makaka", "naka", "maka", "nagka", "magka",
        "nagpa", "magpa", "pinagpa", "pinag", "pinapa", "pina", "ipinag", "ipina", "ipapa", "ipag", "ipa", "ini",
        "nag", "mag", "nang", "mang", "pang", "nam", "mam", "pam", "nan", "man", "pan", "pagka", "pag", "paki",
        "napa", "mapa", "nai", "mai", "na", "ma", "ni", "pa", "ka", "i", "um", "in", "nka", "mka", "nkaka", "mkaka",
        "ng", "mg", "nkka", "mkka", "n", "m", "kaka", "ikina", "nasi", "un", "re", "over",
    ]

    /// Suffixes, and what takes their place.
    private static let suffixTexts = [
        ("ng", ""), ("g", ""), ("hin", ""), ("in", ""), ("han", ""), ("an", ""), ("nin", ""), ("nan", ""), ("s", ""),
        ("es", ""), ("ed", ""), ("d", ""), ("ing", ""), ("er", ""), ("ers", ""), ("ly", ""), ("ness", ""), ("n", ""),
        ("ing", "e"), ("ies", "y"), ("ied", "y"), ("ation", "e"), ("ation", ""), ("ment", ""), ("able", ""),
    ]
}
