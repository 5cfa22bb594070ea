import Foundation
import KapwaDomain
import Testing

@testable import KapwaRules

/// Just enough of JSON Schema for the schemas of the rules: anything else in them is an error here.
struct SchemaChecker {
    let root: [String: Any]
    private static let known: Set<String> = [
        "$schema", "$defs", "$ref", "title", "description", "type", "additionalProperties", "properties", "required",
        "patternProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "enum",
        "const", "pattern", "anyOf",
    ]

    init(_ path: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(Fixtures.bytes(path)))
        root = try #require(object as? [String: Any])
    }

    func definition(_ name: String) -> [String: Any]? { (root["$defs"] as? [String: Any])?[name] as? [String: Any] }

    func properties(_ name: String) -> [String] {
        let schema = name.isEmpty ? root : definition(name)
        return ((schema?["properties"] as? [String: Any]) ?? [:]).keys.sorted()
    }

    /// Everything in which a file differs from the schema.
    func faults(_ text: String) -> [String] {
        let findings = Findings(file: "")
        guard let value = YAMLText.parse(text, bytesMax: 1_000_000, findings: findings) else { return [] }
        return faults(value, root, "")
    }

    private func faults(_ value: YAMLValue, _ schema: [String: Any], _ path: String) -> [String] {
        var schema = schema
        for key in schema.keys where !Self.known.contains(key) { return ["the schema has \(key)"] }
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
            guard let target = definition(String(name)) else { return ["no definition \(name)"] }
            schema = target
        }
        if let options = schema["anyOf"] as? [[String: Any]] {
            return options.contains { faults(value, $0, path).isEmpty } ? [] : ["\(path): none of the forms"]
        }
        if let types = schema["type"] as? [String] {
            return types.contains { faults(value, ["type": $0], path).isEmpty } ? [] : ["\(path): none of the types"]
        }
        switch value.kind {
        case .mapping(let entries): return mapping(entries, schema, path)
        case .list(let values): return list(values, schema, path)
        case .scalar(let text, let quoted): return scalar(text, quoted, schema).map { ["\(path): \($0)"] } ?? []
        }
    }

    private func mapping(_ entries: [YAMLValue.Entry], _ schema: [String: Any], _ path: String) -> [String] {
        guard schema["type"] as? String == "object" else { return ["\(path): no object is wanted"] }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let patterns = schema["patternProperties"] as? [String: [String: Any]] ?? [:]
        var faults: [String] = []
        for key in schema["required"] as? [String] ?? [] where !entries.contains(where: { $0.key == key }) {
            faults.append("\(path): \(key) is missing")
        }
        for entry in entries {
            let place = "\(path).\(entry.key)"
            if let inner = properties[entry.key] ?? patterns.first(where: { matches(entry.key, $0.key) })?.value {
                faults += self.faults(entry.value, inner, place)
            } else if let inner = schema["additionalProperties"] as? [String: Any] {
                faults += self.faults(entry.value, inner, place)
            } else {
                faults.append("\(place): no such key")
            }
        }
        return faults
    }

    private func list(_ values: [YAMLValue], _ schema: [String: Any], _ path: String) -> [String] {
        guard schema["type"] as? String == "array" else { return ["\(path): no list is wanted"] }
        let items = schema["items"] as? [String: Any] ?? [:]
        let bounds = (schema["minItems"] as? Int ?? 0)...(schema["maxItems"] as? Int ?? .max)
        let faults = bounds.contains(values.count) ? [] : ["\(path): \(values.count) items"]
        return faults + values.enumerated().flatMap { self.faults($1, items, "\(path)[\($0)]") }
    }

    private func scalar(_ text: String, _ quoted: Bool, _ schema: [String: Any]) -> String? {
        if let words = schema["enum"] as? [String] { return words.contains(text) ? nil : "\(text) is no word of it" }
        if let constant = schema["const"] {
            return "\(constant)" == text || (constant as? Bool == true && text == "true") ? nil : text
        }
        switch schema["type"] as? String {
        case "string":
            if !quoted, ["true", "false", "null", "~", ""].contains(text) || Double(text) != nil {
                return "\(text) is no string"
            }
            if let pattern = schema["pattern"] as? String, !matches(text, pattern) { return "\(text) does not match" }
            if let most = schema["maxLength"] as? Int, text.unicodeScalars.count > most { return "too long" }
            return nil
        case "boolean": return !quoted && ["true", "false"].contains(text) ? nil : "\(text) is neither true nor false"
        case "integer", "number":
            guard !quoted, let number = Double(text) else { return "\(text) is no number" }
            if schema["type"] as? String == "integer", number != number.rounded() { return "\(text) is not whole" }
            let low = (schema["minimum"] as? NSNumber)?.doubleValue ?? -.infinity
            let high = (schema["maximum"] as? NSNumber)?.doubleValue ?? .infinity
            return (low...high).contains(number) ? nil : "\(text) is out of range"
        default: return "a scalar stands where \(schema["type"] ?? "nothing") is wanted"
        }
    }

    /// Every number of a file with its place and the bounds that the schema gives it.
    func numbers(_ text: String) throws -> [(place: YAMLValue.Place, text: String, bounds: ClosedRange<Double>)] {
        let root = try #require(YAMLText.parse(text, bytesMax: 1_000_000, findings: Findings(file: "")))
        var found: [(YAMLValue.Place, String, ClosedRange<Double>)] = []
        func walk(_ value: YAMLValue, _ schema: [String: Any]) {
            var schema = schema
            if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
                schema = definition(String(name)) ?? [:]
            }
            switch value.kind {
            case .mapping(let entries):
                for entry in entries {
                    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
                    let inner = properties[entry.key] ?? schema["additionalProperties"] as? [String: Any]
                    walk(entry.value, inner ?? [:])
                }
            case .list(let values): for value in values { walk(value, schema["items"] as? [String: Any] ?? [:]) }
            case .scalar(let text, _):
                guard let low = schema["minimum"] as? NSNumber, let high = schema["maximum"] as? NSNumber else {
                    return
                }
                found.append((value.place, text, low.doubleValue...high.doubleValue))
            }
        }
        walk(root, self.root)
        return found
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        (try? Regex(pattern)).map { text.contains($0) } ?? false
    }
}

@Suite("The schemas for editors")
struct SchemaTests {
    @Test("every key of the reader stands in the schema of rules, and no other")
    func ruleKeys() throws {
        let schema = try SchemaChecker("docs/rules.schema.json")
        for (name, keys) in [
            ("", RuleKeys.file), ("routing", RuleKeys.routing), ("queue", RuleKeys.queue), ("step", RuleKeys.step),
            ("hours", RuleKeys.hours), ("route", RuleKeys.route), ("condition", RuleKeys.condition),
            ("mood", RuleKeys.mood), ("history", RuleKeys.history), ("points", RuleKeys.points),
            ("pointRule", RuleKeys.pointRule), ("weights", RuleKeys.weights), ("breaks", RuleKeys.breaks),
            ("planned", RuleKeys.planned), ("floor", RuleKeys.floor), ("team", RuleKeys.team),
            ("offers", RuleKeys.offers), ("safetyProtocol", RuleKeys.safetyProtocol),
            ("safetyEscalation", RuleKeys.safetyEscalation), ("playbook", RuleKeys.playbook),
            ("perChannel", RuleKeys.channels), ("tags", RuleKeys.tags),
        ] {
            #expect(schema.properties(name) == keys.sorted(), "\(name)")
        }
    }

    @Test("every key of a preset stands in its schema, and no other")
    func presetKeys() throws {
        let schema = try SchemaChecker("docs/preset.schema.json")
        #expect(schema.properties("") == BreakPreset.keys.sorted())
        #expect(schema.properties("policy") == BreakPreset.policyKeys.sorted())
        #expect(schema.properties("vector") == BreakPreset.vectorKeys.sorted())
        #expect(schema.properties("after") == GraveContact.allCases.map(\.rawValue).sorted())
    }

    @Test("the default file, the examples, and every file that the reader takes are right by the schema")
    func holds() throws {
        let schema = try SchemaChecker("docs/rules.schema.json")
        var files = ["deploy/rules.yaml", "Tests/Fixtures/rules-diff/old.yaml", "Tests/Fixtures/rules-diff/new.yaml"]
        files += Fixtures.examples
        for name in Fixtures.rules {
            let path = "Tests/Fixtures/rules/\(name).yaml"
            if case .success = try RuleFile.read(
                bytes: Fixtures.bytes(path), name: name, beside: .init(presets: Fixtures.presets))
            {
                files.append(path)
            }
        }
        #expect(files.count > 20)
        for file in files { #expect(try schema.faults(Fixtures.text(file)) == [], "\(file)") }
    }

    @Test("the cases of the examples are right by their schema")
    func cases() throws {
        let schema = try SchemaChecker("docs/rules-cases.schema.json")
        #expect(Fixtures.examples.count == 3)
        for example in Fixtures.examples {
            let cases = try Fixtures.text(example.replacing(".yaml", with: ".cases.yaml"))
            #expect(schema.faults(cases) == [], "\(example)")
            #expect(cases.hasPrefix("# yaml-language-server: $schema=../../docs/rules-cases.schema.json\n"))
        }
    }

    @Test("the numbers that the schema allows are those that the reader allows, and no other")
    func bounds() throws {
        let schema = try SchemaChecker("docs/rules.schema.json")
        let text = try Fixtures.text("Tests/Fixtures/rules-diff/new.yaml")
        func refused(_ place: YAMLValue.Place, _ old: String, _ number: Double) -> Bool {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let line = lines[place.line - 1]
            let start = line.index(line.startIndex, offsetBy: place.column - 1)
            let whole = number == number.rounded()
            let new = whole ? String(Int(number)) : String(number)
            lines[place.line - 1] = line.replacingCharacters(
                in: start..<line.index(start, offsetBy: old.count), with: new)
            let read = RuleFile.read(
                text: lines.joined(separator: "\n"), name: "", beside: .init(presets: Fixtures.presets))
            guard case .failure(let errors) = read else { return false }
            return errors.errors.contains { $0.line == place.line && $0.message.contains("is out of range") }
                || errors.errors.contains { $0.line == place.line && $0.message.contains("is no such number") }
                || errors.errors.contains { $0.line == place.line && $0.message.contains("is no whole number") }
        }
        let numbers = try schema.numbers(text)
        #expect(numbers.count > 30)
        for (place, old, bounds) in numbers {
            let step = old.contains(".") || bounds.upperBound <= 1 || bounds.lowerBound == 0.5 ? 0.001 : 1
            #expect(!refused(place, old, bounds.lowerBound), "line \(place.line), \(old) as \(bounds.lowerBound)")
            #expect(!refused(place, old, bounds.upperBound), "line \(place.line), \(old) as \(bounds.upperBound)")
            #expect(refused(place, old, bounds.lowerBound - step), "line \(place.line), \(old) below \(bounds)")
            #expect(refused(place, old, bounds.upperBound + step), "line \(place.line), \(old) above \(bounds)")
        }
    }

    @Test("presets are right by their schema")
    func presets() throws {
        let schema = try SchemaChecker("docs/preset.schema.json")
        for preset in Fixtures.presets.all { #expect(schema.faults(preset.text) == [], "\(preset.name)") }
    }

    @Test("what the reader refuses for its keys, kinds, words and ranges the schema refuses too")
    func refuses() throws {
        let schema = try SchemaChecker("docs/rules.schema.json")
        for name in [
            "unknown-key", "unknown-mode", "condition-unfair", "step-without-after", "floor-wrong", "planned-wrong",
            "condition-mood-wrong", "hours-wrong", "escalation-empty", "number-out-of-range", "list-for-mapping",
            "break-threshold-too-high", "break-unpaid", "duration-without-unit", "skill-level", "queue-without-id",
            "team-break-too-short", "break-postponed-too-far", "text-for-number", "boolean-in-words", "version",
        ] {
            #expect(try !schema.faults(Fixtures.text("Tests/Fixtures/rules/\(name).yaml")).isEmpty, "\(name)")
        }
    }

    @Test("editors find the schema from the default file, the examples and the presets")
    func editors() throws {
        for file in ["deploy/rules.yaml"] + Fixtures.examples {
            #expect(try Fixtures.text(file).hasPrefix("# yaml-language-server: $schema=../"), "\(file)")
        }
        for preset in Fixtures.presets.all {
            #expect(preset.text.hasPrefix("# yaml-language-server: $schema=../../docs/preset.schema.json\n"))
        }
    }
}
