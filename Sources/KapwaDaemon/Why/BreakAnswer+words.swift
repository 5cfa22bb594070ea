import KapwaDomain
import KapwaRouting
import KapwaWire

extension BreakAnswer: WhyShown {
    public var title: String { "Break \(id) of \(agent)" }

    private var last: BreakChanged { story[story.count - 1].change }
    private var isForCare: Bool { last.kind == .stress }

    public func chapters(for audience: WhyAudience) -> [WhyChapter] {
        [
            WhyChapter(key: "why", title: "Why a break", sentences: why(audience)),
            WhyChapter(key: "ledger", title: "What led to it", sentences: audience == .auditor ? ledger : []),
            WhyChapter(
                key: "when", title: "Why then",
                sentences: story.map { "\(WhyWords.clock($0.at)) \(words($0)).\(late($0))" }),
            WhyChapter(key: "held", title: "What kept it", sentences: waits.map { words($0, audience) }),
        ].filter { !$0.sentences.isEmpty }
    }

    private func why(_ audience: WhyAudience) -> [String] {
        let kind = WhyWords.breakKind(last.kind, audience)
        let what = "\(agent) had \(kind) of \(last.minutes) min, \(last.paid ? "paid" : "unpaid")"
        guard last.enforced else { return ["\(what). Kapwa only said so: it kept nothing from the agent."] }
        switch last.reason {
        case .care where audience == .auditor: return ["\(what): \(cause)."]
        case .care:
            return [
                "\(what), because of what the contacts before had cost.",
                "Which ones is between the agent and Kapwa; an auditor may look, and the look is kept.",
            ]
        case .schedule: return ["\(what): the shift plans it."]
        case .requested: return ["\(what): the agent asked for it."]
        case .granted: return ["\(what): a supervisor gave it."]
        }
    }

    private var cause: String {
        switch story.compactMap(\.change.because).first {
        case "ledger": "what the contacts had cost passed the threshold"
        case "threat": "a customer threatened the agent"
        case "insult": "a customer insulted the agent again and again"
        case "slur": "a customer used a slur"
        case "sexual": "a customer harassed the agent sexually"
        case "safety": "somebody was in danger in the contact before"
        case "cut": "an earlier break was cut short, and what was cut is owed again"
        case "stagger": "the agent took an early break before the threshold"
        case let other?: other
        case nil: "of what the contacts before had cost"
        }
    }

    private var ledger: [String] {
        bookings.map { booking in
            let contact = booking.stress.conversation.map { "contact \($0)" } ?? "a report"
            let points = booking.stress.points
            let verb = points < 0 ? "gave back \(-points)" : "added \(points)"
            return
                "\(WhyWords.clock(booking.at)) \(contact) \(verb) and brought the ledger to \(booking.stress.ledger)."
        }
    }

    private func words(_ step: BreakStep) -> String {
        switch step.name {
        case .planned: "planned, to begin by \(WhyWords.clock(step.change.startBy))"
        case .owed: "owed, to begin by \(WhyWords.clock(step.change.startBy)), once no contact is live"
        case .postponed: "moved by the agent, to begin by \(WhyWords.clock(step.change.startBy))"
        case .overdue: "due, and a contact was still live"
        case .started: "began" + (step.change.endsAt.map { ", until \(WhyWords.clock($0))" } ?? "")
        case .ended:
            "ended after \(WhyWords.time(step.change.takenMilliseconds ?? 0))"
                + (step.change.completed == false ? ", by \(step.change.by ?? "somebody") before its time" : "")
        }
    }

    private func words(_ wait: Wait, _ audience: WhyAudience) -> String {
        let span =
            wait.until.map { "From \(WhyWords.clock(wait.from)) to \(WhyWords.clock($0))" }
            ?? "Since \(WhyWords.clock(wait.from))"
        let isOver = wait.until != nil
        switch wait.hold {
        case .live(let contacts):
            let verb = contacts.count == 1 ? (isOver ? "was" : "is") : (isOver ? "were" : "are")
            return "\(span) \(WhyWords.list(contacts.map(\.rawValue))) \(verb) live."
        case .behind(let other): return "\(span) another break of \(agent), \(other), came first."
        case .moved(let until): return "\(span): \(agent) had moved it, to begin at \(WhyWords.clock(until))."
        case .team(let resting, let present):
            let kind = WhyWords.breakKind(.stress, audience)
            return
                "\(span) others of the team were on \(kind): \(resting) of the \(present) who were here, and no more"
                + " may be at once."
        case .floor(let skill, let team, let least):
            let who = WhyWords.count(least, "ready agent", "ready agents")
            let with = skill.map { " with \($0)" } ?? ""
            let of = team.map { " of team \($0)" } ?? ""
            return "\(span) nobody could be spared: fewer than \(who)\(with)\(of) would have been left."
        }
    }

    private func late(_ step: BreakStep) -> String {
        guard step.name == .started, let late = step.change.lateMilliseconds, late > 0 else { return "" }
        let cause: String
        switch step.change.lateCause?.text {
        case "live_contact": cause = "a contact was live"
        case "restart": cause = "Kapwa was not running"
        case "floor": cause = "too few were left on the floor"
        default: cause = "of an unknown cause"
        }
        return " It was \(WhyWords.time(late)) late because \(cause)."
    }

    public func json(for audience: WhyAudience) -> [UInt8] {
        var out = ByteWriter(capacity: 2_048)
        out.raw("{")
        out.text("tenant", tenant.rawValue)
        out.text("break", id.rawValue)
        out.text("agent", agent.rawValue)
        let isMasked = isForCare && audience == .everyone
        out.text("kind", isMasked ? "care" : last.kind.rawValue)
        out.text("reason", last.reason.rawValue)
        out.number("minutes", last.minutes)
        out.key("enforced")
        out.boolean(last.enforced)
        out.array("story", story) { out, step in
            out.raw("{")
            out.number("seq", step.sequence)
            out.instant("at", step.at)
            out.text("what", step.name.rawValue)
            if let late = step.change.lateMilliseconds { out.number("late_ms", late) }
            if let taken = step.change.takenMilliseconds { out.number("taken_ms", taken) }
            out.raw("}")
        }
        out.array("held", waits) { out, wait in write(wait, &out) }
        if audience == .auditor {
            out.array("ledger", bookings) { out, booking in
                out.raw("{")
                out.instant("at", booking.at)
                if let conversation = booking.stress.conversation { out.text("conversation", conversation.rawValue) }
                out.number("points", booking.stress.points)
                out.number("ledger", booking.stress.ledger)
                out.raw("}")
            }
        }
        out.sentences(chapters(for: audience).map { ($0.key, $0.sentences) })
        out.raw("}")
        return out.bytes
    }

    private func write(_ wait: Wait, _ out: inout ByteWriter) {
        out.raw("{")
        switch wait.hold {
        case .live(let contacts):
            out.text("what", "live_contact")
            out.array("conversations", contacts) { $0.string($1.rawValue) }
        case .behind(let other):
            out.text("what", "another_break")
            out.text("break", other.rawValue)
        case .moved: out.text("what", "moved")
        case .team(let resting, let present):
            out.text("what", "team")
            out.number("resting", resting)
            out.number("present", present)
        case .floor(let skill, let team, let least):
            out.text("what", "floor")
            if let skill { out.text("skill", skill.rawValue) }
            if let team { out.text("team", team.rawValue) }
            out.number("least", least)
        }
        out.instant("from", wait.from)
        if let until = wait.until { out.instant("until", until) }
        out.raw("}")
    }
}
