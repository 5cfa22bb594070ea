import KapwaDomain
import KapwaRouting
import KapwaRules

/// Holds what came against what was expected.
enum CaseJudge {
    /// Everything that differs, a line each; empty when the case holds.
    static func differences(_ one: RuleCase, _ rules: RuleSet) -> [String] {
        let outcome = CaseFloor.run(one, rules)
        guard outcome.refusals.isEmpty else { return outcome.refusals.map { "the router refuses: \($0)" } }
        let expected = one.expected
        var lines: [String] = []
        func differ<Value: Equatable>(_ what: String, _ wanted: Value?, _ came: Value?, _ words: (Value) -> String) {
            guard let wanted, wanted != came else { return }
            lines.append("\(what): expected \(words(wanted)), came \(came.map(words) ?? "nothing")")
        }
        let placement = outcome.explanation?.placement
        differ("queue", expected.queue, outcome.queue) { $0.rawValue }
        differ("points", expected.points, placement?.points) { "\($0)" }
        differ("step", expected.step, placement?.step) { "\($0)" }
        differ("needs", expected.needs, placement?.needs, needs)
        if let explanation = outcome.explanation {
            lines += candidates(expected, explanation)
            lines += rejections(expected, explanation)
        }
        differ("offered to", expected.offeredTo, outcome.offeredTo) { $0.rawValue }
        differ("unroutable", expected.unroutable, outcome.isUnroutable) { $0 ? "yes" : "no" }
        lines += breaks(expected, outcome)
        differ("invited", expected.invited, outcome.invited) { "\($0)m" }
        return lines
    }

    private static func needs(_ needs: Skills) -> String {
        needs.isEmpty ? "nothing" : needs.entries.map { "\($0.skill) \($0.level)" }.joined(separator: ", ")
    }

    private static func candidates(_ expected: Expectation, _ explanation: Explanation) -> [String] {
        guard let wanted = expected.candidates else { return [] }
        let came = explanation.passed
        let sameOrder = wanted.map(\.agent) == came.map(\.agent)
        let sameCost = zip(wanted, came).allSatisfy { $0.cost == nil || $0.cost == $1.cost }
        guard !sameOrder || !sameCost else { return [] }
        let names = wanted.map { one in one.agent.rawValue + (one.cost.map { " at \($0)" } ?? "") }
        let found = came.map { "\($0.agent) at \($0.cost)" }
        var lines = ["candidates: expected \(list(names)), came \(list(found))"]
        for outcome in explanation.agents where wanted.contains(where: { $0.agent == outcome.agent }) {
            if let why = verdict(outcome) { lines.append("  \(outcome.agent) was no candidate: \(why)") }
        }
        return lines
    }

    private static func rejections(_ expected: Expectation, _ explanation: Explanation) -> [String] {
        expected.rejected.compactMap { wanted in
            guard let outcome = explanation.agents.first(where: { $0.agent == wanted.agent }) else { return nil }
            if case .failed(let failed) = outcome.verdict, failed.test == wanted.test { return nil }
            return "rejected: expected \(wanted.agent) for \(wanted.test.rawValue), came "
                + (verdict(outcome) ?? "a candidate")
        }
    }

    /// Why an agent was no candidate; `nil` when they were.
    private static func verdict(_ outcome: AgentOutcome) -> String? {
        switch outcome.verdict {
        case .passed: nil
        case .notAsked(let reason): reason.rawValue
        case .failed(let failed):
            switch failed.test {
            case .skill:
                "skill (\(failed.skill?.rawValue ?? "?") \(failed.needed ?? 0) is needed, \(failed.has ?? 0) is there)"
            case .capacity:
                "capacity (\(failed.load ?? 0) carried, \(failed.units ?? 0) more, \(failed.capacity ?? 0) possible)"
            default: failed.test.rawValue
            }
        }
    }

    private static func breaks(_ expected: Expectation, _ outcome: CaseFloor.Outcome) -> [String] {
        guard let wanted = expected.owed else { return [] }
        let came = outcome.owed.map { "\($0.minutes)m\($0.immediate ? " at once" : "")" } ?? "none"
        switch wanted {
        case .none: return outcome.owed == nil ? [] : ["break: expected none, came \(came)"]
        case .some(let minutes, let atOnce):
            if let owed = outcome.owed, owed.minutes == minutes, atOnce == nil || atOnce == owed.immediate { return [] }
            return ["break: expected \(minutes)m\(atOnce == true ? " at once" : ""), came \(came)"]
        }
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "nobody" : names.joined(separator: ", ") }
}
