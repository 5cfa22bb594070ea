import KapwaDomain
import KapwaRouting
import KapwaRules

/// Has the independent auditor read along.
final class AuditorWatch: SimulationWatch {
    private let auditor: Auditor
    private let every: Int
    private var batches = 0
    private var told = 0

    /// - Parameter every: after so many batches it looks at everything, not only at what the last one touched.
    init(rules: RuleSet, every: Int) {
        auditor = Auditor(rules: rules)
        self.every = every
    }

    func committed(_ events: [Event], by router: borrowing Router, at now: Instant) -> [String] {
        auditor.watch(events, at: now)
        batches += 1
        if batches % every == 0 {
            let before = auditor.findingsCount
            auditor.checkEverything(at: now)
            if auditor.findingsCount > before { auditor.report("only the full check found this") }
        }
        guard auditor.findingsCount > told else { return [] }
        let new = auditor.findings.suffix(auditor.findingsCount - told)
        told = auditor.findingsCount
        return new.map { "auditor: \($0)" }
    }

    func rulesChanged(to rules: RuleSet, at now: Instant) { auditor.change(to: rules) }
}
