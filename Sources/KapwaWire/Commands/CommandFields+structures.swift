import KapwaDomain

extension CommandFields {
    /// Skills with levels, by whatever name an object gives them.
    mutating func skills(_ key: StaticString) -> Skills? {
        guard let json = value(key) else { return nil }
        let levels = Limits.skillLevels
        guard json.isObject else {
            invalid(key, json, "an object of skill names, each with \(Self.skillLevel)")
            return nil
        }
        guard json.children.count <= Limits.skillsMax else {
            refuse(.tooLarge, "\(key)", "names \(json.children.count) skills; at most \(Limits.skillsMax) are allowed")
            return nil
        }
        var entries: [Skills.Entry] = []
        entries.reserveCapacity(json.children.count)
        for child in json.children {
            guard child.key.isIdentifier else {
                refuse(.invalidField, "\(key)", "has a name that is none; it must be \(Self.identifierShape)")
                return nil
            }
            let name = String(decoding: child.key, as: UTF8.self)
            guard let found = child.integer, let number = Int(exactly: found), levels.contains(number) else {
                let found = child.integer.map { "\($0)" } ?? child.kind
                refuse(.invalidField, "\(key).\(name)", "is \(found); it must be \(Self.skillLevel)")
                return nil
            }
            entries.append(Skills.Entry(skill: SkillID(name), level: number))
        }
        let skills = Skills(entries)
        hash(key, UInt64(skills.entries.count))
        for entry in skills.entries { hash(entry.skill.rawValue, UInt64(entry.level)) }
        return skills
    }

    private static let skillLevel =
        "an integer from \(Limits.skillLevels.lowerBound) to \(Limits.skillLevels.upperBound)"

    mutating func attributes(_ key: StaticString) -> Attributes? {
        guard let json = value(key) else { return nil }
        guard json.isObject else {
            invalid(key, json, "an object of strings, integers and booleans")
            return nil
        }
        let count = json.children.count
        guard count <= Limits.attributesMax else {
            refuse(.tooLarge, "\(key)", "has \(count) attributes; at most \(Limits.attributesMax) are allowed")
            return nil
        }
        var entries: [Attributes.Entry] = []
        entries.reserveCapacity(count)
        for child in json.children where !child.isNull {
            guard let entry = attribute(key, child) else { return nil }
            entries.append(entry)
        }
        let attributes = Attributes(entries)
        hash(key, UInt64(attributes.entries.count))
        for entry in attributes.entries { hash(entry) }
        return attributes
    }

    private mutating func attribute(_ key: StaticString, _ json: JSONValue) -> Attributes.Entry? {
        guard (1...Limits.identifierBytesMax).contains(json.key.count) else {
            refuse(
                .invalidField, "\(key)",
                "has a name of \(json.key.count) bytes; it must be 1 to \(Limits.identifierBytesMax)")
            return nil
        }
        let name = String(decoding: json.key, as: UTF8.self)
        guard let value = Attributes.Value(json: json) else {
            let expected = "a string of at most \(Limits.labelBytesMax) bytes, an integer or a boolean"
            refuse(.invalidField, "\(key).\(name)", "is \(json.kind); it must be \(expected)")
            return nil
        }
        if let bytes = json.utf8?.count, bytes > Limits.labelBytesMax {
            refuse(.tooLarge, "\(key).\(name)", "has \(bytes) bytes; at most \(Limits.labelBytesMax) are allowed")
            return nil
        }
        return Attributes.Entry(name: name, value: value)
    }

    /// A list of words, each once.
    mutating func words<Word: WireWord & Hashable>(_ key: StaticString, of: Word.Type) -> [Word] {
        guard let json = value(key) else { return [] }
        guard json.isArray else {
            invalid(key, json, "an array, each element \(Word.expectation)")
            return []
        }
        var words: [Word] = []
        for (index, child) in json.children.enumerated() {
            guard let word = child.string.flatMap({ Word(rawValue: $0) }) else {
                let found = child.utf8 == nil ? child.kind : "unknown"
                refuse(.invalidField, "\(key)[\(index)]", "is \(found); it must be \(Word.expectation)")
                return []
            }
            if !words.contains(word) { words.append(word) }
        }
        // In the order of the list of words: what is set aside does not depend on the order of naming it.
        let ordered = Word.allCases.filter { words.contains($0) }
        for word in ordered { hash(word.rawValue, 1) }
        return ordered
    }

    /// The person behind the command.
    mutating func person(_ key: StaticString) -> Person? {
        guard let json = value(key) else { return nil }
        guard json.isObject else {
            invalid(key, json, #"an object {"role":…,"name":…}"#)
            return nil
        }
        var inner = CommandFields(json, path: "\(key).")
        let role = inner.requiredText("role")
        let name = inner.requiredText("name")
        if let refusal = inner.refusal {
            refuse(refusal)
            return nil
        }
        hash("by", 1)
        hash(role, 0)
        hash(name, 0)
        return Person(role: role, name: name)
    }

    private mutating func hash(_ entry: Attributes.Entry) {
        switch entry.value {
        case .text(let text):
            hash(entry.name, 0)
            hash(text, 0)
        case .integer(let integer):
            hash(entry.name, 1)
            hasher.feed(UInt64(bitPattern: integer))
        case .boolean(let boolean):
            hash(entry.name, boolean ? 3 : 2)
        }
    }

    /// A word that is no constant, and a number.
    mutating func hash(word text: String, _ number: UInt64) { hash(text, number) }

    /// A text that is no constant, and a number.
    private mutating func hash(_ text: String, _ number: UInt64) {
        var text = text
        text.withUTF8 { hasher.feed(text: $0) }
        hasher.feed(number)
    }
}
