import KapwaDomain
import KapwaRouting
import KapwaRules
import KapwaWire

/// Kapwa's words for what happened, in one place: plain sentences for whoever has to answer for a floor.
enum WhyWords {
    /// `10:02:13`, UTC.
    static func clock(_ instant: Instant) -> String {
        let time = timestamp(instant)
        return String(time.dropFirst(11).prefix(8))
    }

    /// `2026-11-21 10:02:13 UTC`.
    static func date(_ instant: Instant) -> String { "\(timestamp(instant).prefix(10)) \(clock(instant)) UTC" }

    private static func timestamp(_ instant: Instant) -> String {
        var writer = ByteWriter(capacity: 32)
        writer.instant(instant)
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// `2 min 12 s`; the two greatest units, none that is nothing.
    static func time(_ milliseconds: Milliseconds) -> String {
        let seconds = max(0, milliseconds) / 1_000
        guard seconds > 0 else { return milliseconds > 0 ? "\(milliseconds) ms" : "no time" }
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "no time" }
        return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    /// `a, b and c`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    static func count(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

    /// `tagalog 3 and billing 1`; `nothing in particular` without needs.
    static func needs(_ needs: Skills) -> String {
        needs.isEmpty ? "nothing in particular" : list(needs.entries.map { "\($0.skill) \($0.level)" })
    }

    /// A break as others than the agent may know it.
    static func breakKind(_ kind: BreakKind?, _ audience: WhyAudience) -> String {
        switch kind {
        case .stress: audience == .auditor ? "a break from stress" : "a break for care"
        case .rest: "a rest break"
        case .meal: "the meal break"
        case .screen: "a screen break"
        case .personal, .private: "a personal break"
        case nil: "a break"
        }
    }

    // MARK: Tests

    /// Why an agent was no candidate, as the rest of a sentence that begins with the agent.
    ///
    /// - Parameter answers: Of the agent, before.
    static func failure(_ failed: FailedTest, _ audience: WhyAudience, after answers: OfferAnswers) -> String {
        switch failed.test {
        case .notReady:
            let since = failed.since.map { " since \(clock($0))" } ?? ""
            return "was \(failed.presence?.rawValue ?? "not ready")\(since)"
        case .breakOwed:
            let until = failed.until.map { ", to begin by \(clock($0))" } ?? ""
            return "owed \(breakKind(failed.kind, audience))\(until): nothing new until it is over"
        case .onBreak:
            let until = failed.until.map { " until \(clock($0))" } ?? ""
            return "was on \(breakKind(failed.kind, audience))\(until)"
        case .wrapUp:
            let what = failed.conversation.map { " of \($0)" } ?? ""
            let until = failed.until.map { ", until \(clock($0)) at the latest" } ?? ""
            return "was still finishing the notes\(what)\(until)"
        case .skill:
            let has = failed.has ?? 0
            let level = has == 0 ? "has none" : "has \(has)"
            return "lacked \(failed.skill?.rawValue ?? "a skill"): \(failed.needed ?? 0) is needed, \(level)"
        case .capacity:
            return "was full: carried \(failed.load ?? 0) of \(failed.capacity ?? 0) units,"
                + " and this contact takes \(failed.units ?? 0)"
        case .reserved:
            let what = failed.conversation.map { " for \($0), which waits past its target" } ?? " for another contact"
            let until = failed.until.map { ", until \(clock($0)) at the latest" } ?? ""
            return "was kept free\(what)\(until)"
        case .negativeAffinity:
            let until = failed.until.map { " before \(date($0))" } ?? ""
            return "is not asked to serve this customer\(until), after what was said in an earlier contact"
        case .transferredFrom:
            return "had just given it away, and somebody else has what is needed"
        case .declined:
            let times = failed.times.map { count($0, "time", "times") } ?? "before"
            let until = failed.until.map { "; may be asked again from \(clock($0))" } ?? ""
            return "\(answers.words) \(times)\(until)"
        }
    }

    /// Counts of first failed tests: `3 on a break, 2 without the skill`.
    static func counts(_ failed: [Decision.Failure]) -> String {
        list(failed.map { "\($0.agents) \(short($0.test))" })
    }

    private static func short(_ test: HardTest) -> String {
        switch test {
        case .notReady: "not ready"
        case .breakOwed: "owing a break"
        case .onBreak: "on a break"
        case .wrapUp: "finishing notes"
        case .skill: "without the skill"
        case .capacity: "full"
        case .reserved: "kept for another contact"
        case .negativeAffinity: "spared this customer"
        case .transferredFrom: "who had given it away"
        case .declined: "who declined or did not answer"
        }
    }

    // MARK: Cost

    /// What speaks against a candidate compared with another, the weightiest first; care stays a band for everyone.
    ///
    /// - Parameter answers: Of the candidate, before.
    static func drawbacks(
        of candidate: Decision.Candidate, against other: Decision.Candidate, _ weights: CostWeights,
        _ audience: WhyAudience, after answers: OfferAnswers
    ) -> [String] {
        var found: [(weight: Int, words: String)] = []
        func add(_ weight: Int, _ own: Int, _ others: Int, _ words: String) {
            if weight * own > weight * others { found.append((weight * (own - others), words)) }
        }
        let (own, others) = (candidate.terms, other.terms)
        if candidate.tier & 8 > other.tier & 8 { found.append((.max, "\(answers.words) before")) }
        if audience == .auditor {
            if candidate.tier & 4 > other.tier & 4 { found.append((.max, "has had two hard contacts in a row")) }
            if candidate.tier & 1 > other.tier & 1 { found.append((.max, "is just back and landing softly")) }
            add(
                weights.stress, own.stress, others.stress,
                "carries more stress (\(own.stress) against \(others.stress))")
            add(weights.share, own.share, others.share, "has had more of the hard contacts")
        } else if candidate.care.level > other.care.level {
            found.append((weights.stress * 334, "has had more to carry (care \(candidate.care.rawValue))"))
        }
        add(weights.load, own.load, others.load, "is busier (load \(own.load) against \(others.load))")
        add(weights.overSkill, own.overSkill, others.overSkill, "has skills that others may need more")
        add(weights.idle, own.idle, others.idle, "has been free for less long")
        add(weights.sticky, own.sticky, others.sticky, "is not the one who served this customer well before")
        add(weights.prefer, own.prefer, others.prefer, "is not the one who was asked for")
        add(weights.language, own.language, others.language, "speaks less Tagalog")
        // Equal ones keep the order of this list.
        return found.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .map(\.element.words)
    }
}

extension CareBand {
    fileprivate var level: Int { self == .low ? 0 : self == .middle ? 1 : 2 }
}
