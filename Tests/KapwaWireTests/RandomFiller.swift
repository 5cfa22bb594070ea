import KapwaDomain

@testable import KapwaWire

/// Fills whatever has fields on the wire with values drawn from a seed.
struct RandomFiller: FieldVisitor {
    let masks = false
    var random: SeededRandom
    /// When false, nothing optional is left out.
    var leavesOut = true

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        value = draw(T.self)
    }

    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        value = leavesOut && Bool.random(using: &random) ? nil : draw(T.self)
    }

    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        value.visit(&self)
    }

    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        value = nil
        if leavesOut && Bool.random(using: &random) { return }
        var present = T.blank
        present.visit(&self)
        value = present
    }

    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T], _ part: Part) {
        values = (0..<Int.random(in: leavesOut ? 0...3 : 1...3, using: &random)).map { _ in
            var value = T.blank
            value.visit(&self)
            return value
        }
    }

    mutating func optionalInline<T: Visited>(_ marker: StaticString, _ value: inout T?) {
        optionalObject(marker, &value, .open, .plain)
    }

    mutating func word(_ key: StaticString, _ word: StaticString) {}

    private mutating func draw<T: WireValue>(_ type: T.Type) -> T {
        let drawn: any WireValue =
            switch type {
            case is Int.Type: Int.random(in: -1_000...5_000_000, using: &random)
            case is Int64.Type: Int64.random(in: .min ... .max, using: &random)
            case is Bool.Type: Bool.random(using: &random)
            case is String.Type: text()
            case is Instant.Type: Instant(milliseconds: .random(in: 0...4_102_444_800_000, using: &random))
            case is Score.Type: Score(milli: .random(in: -1_000...1_000, using: &random))
            case is Skills.Type: skills()
            case is Attributes.Type: attributes()
            case is [String].Type: (0..<Int.random(in: leavesOut ? 0...3 : 1...3, using: &random)).map { _ in text() }
            case let word as any WireWord.Type: self.word(word)
            case let list as any Listed.Type: list.draw { self.pick($0) }
            case let name as any Nameable.Type: name.named(identifier())
            default: preconditionFailure("nothing to fill \(type) with")
            }
        guard let value = drawn as? T else { preconditionFailure("drew \(drawn) for \(type)") }
        return value
    }

    private mutating func pick(_ upTo: Int) -> Int { Int.random(in: (leavesOut ? 0 : 1)...upTo, using: &random) }

    private mutating func word<Word: WireWord>(_ type: Word.Type) -> Word {
        let all = Array(Word.allCases)
        return all[Int.random(in: 0..<all.count, using: &random)]
    }

    mutating func identifier() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@+-")
        return String((0..<Int.random(in: 1...24, using: &random)).map { _ in letters.randomElement(using: &random)! })
    }

    /// Text with everything that must be escaped, and scalars of all lengths.
    mutating func text() -> String {
        let pieces = [
            "anak ko", "\"", "\\", "\n", "\r\n", "\t", "\u{1}", "\u{1F}", "ñ", "₱", "😀", "👩‍👧", "/",
            "\u{7F}",
            "\u{2028}", " ", "x",
        ]
        let count = Int.random(in: 1...8, using: &random)
        return (0..<count).map { _ in pieces.randomElement(using: &random)! }.joined()
    }

    private mutating func skills() -> Skills {
        Skills(
            (0..<pick(5)).map { _ in
                Skills.Entry(skill: SkillID(identifier()), level: Int.random(in: 1...5, using: &random))
            })
    }

    private mutating func attributes() -> Attributes {
        var byName: [String: Attributes.Value] = [:]
        for _ in 0..<pick(4) {
            let name = identifier()
            switch Int.random(in: 0..<3, using: &random) {
            case 0: byName[name] = .text(text())
            case 1: byName[name] = .integer(.random(in: .min ... .max, using: &random))
            default: byName[name] = .boolean(.random(using: &random))
            }
        }
        return Attributes(byName.map { Attributes.Entry(name: $0, value: $1) })
    }
}

/// An identifier, whatever it names.
protocol Nameable: WireValue {
    static func named(_ name: String) -> Self
}

extension Identifier: Nameable {
    static func named(_ name: String) -> Identifier { Identifier(name) }
}

/// A list of words or of identifiers.
protocol Listed: WireValue {
    static func draw(_ pick: (Int) -> Int) -> Self
}

extension Array: Listed where Element: WireValue {
    static func draw(_ pick: (Int) -> Int) -> [Element] {
        (0..<pick(3)).map { _ in
            var drawn: (any WireValue)?
            if let word = Element.self as? any WireWord.Type { drawn = one(word, pick) }
            if let name = Element.self as? any Nameable.Type { drawn = name.named("n\(pick(900))") }
            guard let element = drawn as? Element else {
                preconditionFailure("nothing to fill a list of \(Element.self) with")
            }
            return element
        }
    }

    private static func one<Word: WireWord>(_ type: Word.Type, _ pick: (Int) -> Int) -> Word {
        let all = Word.allCases.map { $0 }
        return all[pick(all.count * 10) % all.count]
    }
}

extension Event {
    /// An event with the given body's type and everything else drawn.
    static func drawn(like body: Event.Body, seed: UInt64, leavesOut: Bool = true) -> Event {
        var filler = RandomFiller(seed: seed)
        filler.leavesOut = leavesOut
        var filled = body
        filled.visit(&filler)
        let causes: [Event.Cause] = [.command(CommandID(filler.identifier())), .timer, .match, .rules, .restart]
        return Event(
            sequence: .random(in: 1...1_000_000_000, using: &filler.random),
            previous: .random(in: 0...1_000_000, using: &filler.random), tenant: "main",
            at: Instant(milliseconds: .random(in: 0...4_102_444_800_000, using: &filler.random)),
            cause: causes.randomElement(using: &filler.random)!, body: filled)
    }
}
