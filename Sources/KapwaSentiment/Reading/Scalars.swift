/// What a character is to the segmenter.
enum ScalarClass {
    case letter
    /// An accented letter: written as this plain one.
    case folded(UInt8)
    case digit
    case apostrophe
    case hyphen
    case space
    /// Ends or separates clauses; the ASCII character that stands for it.
    case mark(UInt8)
    case emoji
    /// Belongs to the character before it and is dropped: accents, skin tones, variation selectors.
    case extender
    case joiner
    case regional
    case other
}

extension ScalarClass {
    init(_ scalar: UInt32) {
        if scalar < 0x80 {
            self = Self.ascii(UInt8(scalar))
        } else if scalar < 0x2000 {
            self = Self.alphabetic(scalar)
        } else {
            self = Self.symbol(scalar)
        }
    }

    private static func ascii(_ byte: UInt8) -> ScalarClass {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "'"), UInt8(ascii: "`"): .apostrophe
        case UInt8(ascii: "-"): .hyphen
        case UInt8(ascii: "\n"): .mark(byte)
        case 0...0x20: .space
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "!"), UInt8(ascii: "?"): .mark(byte)
        case UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\""): .mark(byte)
        case UInt8(ascii: "("), UInt8(ascii: ")"): .mark(byte)
        default: .other
        }
    }

    private static func alphabetic(_ scalar: UInt32) -> ScalarClass {
        switch scalar {
        case 0x80...0xA0, 0x1680: return .space
        case 0xB4, 0x2B9, 0x2BC: return .apostrophe
        case 0xAB, 0xBB: return .mark(UInt8(ascii: "\""))
        case 0xA1...0xBF where scalar != 0xAA && scalar != 0xB5 && scalar != 0xBA:
            return scalar == 0xA9 || scalar == 0xAE ? .emoji : .other
        case 0xD7, 0xF7: return .other
        case 0xC0...0x17F:
            let base = foldedLatin[Int(scalar) - 0xC0]
            return base == UInt8(ascii: ".") ? .letter : .folded(base)
        case 0x300...0x36F, 0x483...0x489, 0x591...0x5BD, 0x610...0x61A, 0x64B...0x65F, 0x1AB0...0x1AFF:
            return .extender
        case 0x1DC0...0x1DFF: return .extender
        default: return .letter
        }
    }

    /// Plain letters for U+00C0…U+017F; `.` where there is none.
    private static let foldedLatin = Array(
        ("aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
            + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.llllll."
            + ".llnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

    private static func symbol(_ scalar: UInt32) -> ScalarClass {
        switch scalar {
        case 0x2018, 0x2019, 0x201B: .apostrophe
        case 0x201C...0x201F, 0x300C...0x300F: .mark(UInt8(ascii: "\""))
        case 0x2010, 0x2011: .hyphen
        case 0x2012...0x2015: .mark(UInt8(ascii: ","))
        case 0x2026, 0x3002, 0x2028, 0x2029: .mark(UInt8(ascii: "."))
        case 0x200D: .joiner
        case 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF: .extender
        case 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .space
        case 0xFE00...0xFE0F, 0x20D0...0x20FF, 0xFE20...0xFE2F, 0x1F3FB...0x1F3FF: .extender
        case 0xE0020...0xE007F, 0xE0100...0xE01EF: .extender
        case 0x1F1E6...0x1F1FF: .regional
        case 0x203C, 0x2049: .mark(UInt8(ascii: "!"))
        case 0x2122, 0x2139, 0x2190...0x21FF, 0x2300...0x23FF, 0x24C2, 0x25A0...0x27BF: .emoji
        case 0x2900...0x297F, 0x2B00...0x2BFF, 0x3030, 0x303D, 0x3297, 0x3299, 0x1F000...0x1FAFF: .emoji
        case 0x2020...0x205E, 0x2070...0x209F, 0x20A0...0x20CF, 0x2100...0x22FF, 0xFFFD: .other
        default: .letter
        }
    }
}
