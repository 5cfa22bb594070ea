import KapwaDomain
import Testing

@testable import KapwaRules

@Suite("What a shift plans")
struct PlanTests {
    static func plan(_ text: String, hours: Int64 = 9) throws -> [String] {
        let rules = try RuleFile.read(text: "breaks: {preset: none, planned: [\(text)]}", name: "r.yaml").get().rules
        let start = Instant(milliseconds: 0)
        return rules.breaks.plan(from: start, to: start + .hours(hours)).map {
            "\($0.kind) \($0.earliest.milliseconds / .minutes(1))-\($0.startBy.milliseconds / .minutes(1))"
        }
    }

    @Test("of breaks whose windows meet, each must begin by when the next one still can")
    func turns() throws {
        let rest = "{kind: rest, length: 15m, earliest: start + 1h, start_by: start + 3h}"
        let meal = "{kind: meal, length: 60m, earliest: start + 2h, start_by: start + 3h}"
        #expect(try Self.plan("\(rest), \(meal)") == ["rest 60-165", "meal 120-180"])
        #expect(try Self.plan("\(meal), \(rest)") == ["rest 60-165", "meal 120-180"])
        #expect(try Self.plan("\(rest), \(rest), \(meal)") == ["rest 60-150", "rest 60-165", "meal 120-180"])
    }

    @Test("windows that do not meet stay as they are, and so do breaks that come again and again")
    func apart() throws {
        let rest = "{kind: rest, length: 15m, earliest: start + 1h, start_by: start + 2h}"
        let meal = "{kind: meal, length: 60m, earliest: start + 3h, start_by: start + 5h}"
        #expect(try Self.plan("\(rest), \(meal)") == ["rest 60-120", "meal 180-300"])
        let screen = "{kind: screen, length: 5m, every: 115m, within: 15m}"
        #expect(
            try Self.plan("\(meal), \(screen)", hours: 6)
                == ["screen 115-130", "meal 180-300", "screen 235-250", "screen 355-370"])
    }

    @Test("breaks that can only begin at the same moment come one right after the other, in the order of the file")
    func crowded() throws {
        let rest = "{kind: rest, length: 15m, earliest: start + 1h, start_by: start + 1h}"
        let meal = "{kind: meal, length: 60m, earliest: start + 1h, start_by: start + 1h}"
        #expect(
            try Self.plan("\(rest), \(rest), \(meal), \(rest)")
                == ["rest 60-60", "rest 75-75", "meal 90-90", "rest 150-150"])
        #expect(try Self.plan("\(meal), \(rest)", hours: 2) == ["meal 60-60"], "after the shift there is none")
    }
}
