import KapwaDomain
import KapwaRouting
import KapwaRules

/// Has the independent auditor read along.
final class AuditorWatch: SimulationWatch {
    private let auditor: Auditor
    private var told = 0

    init(rules: RuleSet) { auditor = Auditor(rules: rules) }

    func committed(_ events: [Event], by router: borrowing Router, at now: Instant) -> [String] {
        auditor.watch(events, at: now)
        guard auditor.findingsCount > told else { return [] }
        let new = auditor.findings.suffix(auditor.findingsCount - told)
        told = auditor.findingsCount
        return new.map { "auditor: \($0)" }
    }

    func rulesChanged(to rules: RuleSet, at now: Instant) { auditor.change(to: rules) }
}
