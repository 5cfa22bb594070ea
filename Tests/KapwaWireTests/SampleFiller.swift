import KapwaDomain

@testable import KapwaWire

/// Fills fields with values that a reader of the fixtures can make sense of, by their names.
struct SampleFiller: FieldVisitor {
    let masks = false
    /// Counts up, so that words and times vary.
    private var step: Int64

    init(step: Int64) { self.step = step }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        value = sample("\(key)", T.self)
    }

    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        // Of a reason only one of its two ways is filled; the first, Kapwa's own word, is asked for first.
        if T.self == String.self && part == .personal && key.description != "name" && key.description != "topic" {
            return
        }
        value = sample("\(key)", T.self)
    }

    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        value.visit(&self)
    }

    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        var present = T.blank
        present.visit(&self)
        value = present
    }

    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T], _ part: Part) {
        var value = T.blank
        value.visit(&self)
        values = [value]
    }

    mutating func optionalInline<T: Visited>(_ marker: StaticString, _ value: inout T?) {
        optionalObject(marker, &value, .open, .plain)
    }

    mutating func word(_ key: StaticString, _ word: StaticString) {}

    private mutating func sample<T: WireValue>(_ key: String, _ type: T.Type) -> T {
        step += 1
        let drawn: any WireValue =
            switch type {
            case is Int.Type: Self.integers[key] ?? 1
            case is Int64.Type: Int64(Self.integers[key] ?? 20_000)
            case is Bool.Type: key != "safety"
            case is String.Type: Self.texts[key] ?? "supervisor"
            case is Instant.Type: noon + .seconds(step) + step
            case is Score.Type: Score(milli: Int((step * 137) % 1_000))
            case is Skills.Type: ["billing": 2, "tagalog": 3] as Skills
            case is Attributes.Type: Self.attributes
            case is [String].Type: [key == "rules" ? "honorific" : Self.texts[key] ?? "hindi na ako makahinga"]
            case let word as any WireWord.Type: self.word(word)
            case let list as any Listed.Type: list.draw { _ in 1 }
            case let name as any Nameable.Type: name.named(Self.names[key] ?? "main")
            default: preconditionFailure("no sample of \(type)")
            }
        guard let value = drawn as? T else { preconditionFailure("sampled \(drawn) for \(type)") }
        return value
    }

    private func word<Word: WireWord>(_ type: Word.Type) -> Word {
        let all = Word.allCases.map { $0 }
        return all[Int(step) % all.count]
    }

    private static let integers = [
        "capacity": 100, "load": 25, "units": 31, "assigned_units": 31, "minutes": 10, "points": 30, "ledger": 1_450,
        "contact_points": 1_000, "cost": 23_400, "eligible": 4, "agents": 3, "start": 4, "end": 13, "priority": 40,
        "step": 0, "message": 3, "messages": 3, "rank": 1_795_287_600_000, "replayed": 811, "waiting": 7,
        "over_skill": 150, "round": 806, "rules_version": 2, "tier": 1, "csat": 4, "nps": 9, "least": 3, "left": 2,
        "reports": 4,
    ]

    private static let texts = [
        "name": "Maria Santos", "topic": "late order", "tag": "frustration", "text": "ang tagal", "reason": "contact",
        "by": "supervisor", "note": "removed", "to": "lead", "hash": String(repeating: "0123456789abcdef", count: 4),
        "rules": String(repeating: "0123456789abcdef", count: 4), "version": "0.1.0", "disposition": "refund",
        "lexicon": String(repeating: "fedcba9876543210", count: 4), "late_cause": "live_contact", "by_name": "Ana Cruz",
        "digest": String(repeating: "00112233445566ff", count: 4), "safety": "Stay on the line; call the site's nurse.",
        "violations": "capacity", "kind": "insult", "because": "ledger", "drops": "billing", "corrected": "abuse",
        "zone": "Asia/Manila", "prevented": "break_owed",
    ]

    private static let names = [
        "agent": "maria", "conversation": "conv-17", "customer": "luz@cebu", "offer": "o813", "break": "b790",
        "queue": "main", "team": "team-a", "only_agent": "jose", "transferred_from": "pedro", "prefer_agent": "jose",
        "last_agent": "pedro", "skill": "tagalog",
    ]

    private static let attributes = Attributes([
        .init(name: "city", value: .text("Cebu")), .init(name: "orders", value: .integer(12)),
        .init(name: "vip", value: .boolean(true)),
    ])
}
