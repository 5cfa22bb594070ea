import KapwaDomain
import KapwaRouting
import KapwaRules
import KapwaWire

extension WhyAnswer {
    /// The answer for programs: one object, described in `docs/protocol.md`.
    public func json(for audience: WhyAudience = .everyone) -> [UInt8] {
        var out = ByteWriter(capacity: 8_192)
        out.raw("{")
        out.text("tenant", tenant.rawValue)
        out.text("conversation", explanation.conversation.rawValue)
        out.number("episode", explanation.episode)
        out.text("channel", explanation.channel.rawValue)
        out.text("state", explanation.phase.rawValue)
        out.text("mode", explanation.mode.rawValue)
        out.number("seq", explanation.sequence)
        out.number("head", head)
        out.instant("at", explanation.at)
        out.instant("since", explanation.since)
        writeDecided(&out)
        writePlacement(&out)
        writeWait(&out, audience)
        out.array("agents", explanation.agents) { out, outcome in write(outcome, &out, audience) }
        writeRecord(&out, audience)
        out.sentences(chapters(for: audience).map { ($0.key, $0.sentences) })
        out.raw("}")
        return out.bytes
    }

    private func writeDecided(_ out: inout ByteWriter) {
        guard let decided, let chosen else { return }
        out.key("decided")
        out.raw("{")
        out.number("seq", decided.sequence)
        out.text("type", decided.body.type)
        out.text("agent", chosen.rawValue)
        if let offer = decided.body.offer { out.text("offer", offer.rawValue) }
        if let ended {
            out.text("ended", ended.body.type)
            out.instant("ended_at", ended.at)
        }
        out.raw("}")
    }

    private func writePlacement(_ out: inout ByteWriter) {
        guard let placement = explanation.placement else { return }
        out.key("placement")
        out.raw("{")
        out.text("queue", placement.queue.rawValue)
        out.number("step", placement.step)
        out.skills("needs", placement.needs)
        out.number("rank", placement.rank)
        out.number("points", placement.points)
        out.number("target_ms", placement.targetMilliseconds)
        out.number("units", placement.units)
        out.key("safety")
        out.boolean(placement.safety)
        if let place = explanation.place { out.number("position", place) }
        out.raw("}")
        out.array("points", explanation.points) { out, source in
            out.raw("{")
            out.text("source", source.source.rawValue)
            out.number("minutes", source.points)
            out.raw("}")
        }
        out.array("steps", explanation.steps) { out, step in
            out.raw("{")
            out.number("step", step.step)
            out.text("status", step.state.rawValue)
            out.skills("needs", step.needs)
            out.number("after_ms", step.after)
            out.raw("}")
        }
    }

    private func writeWait(_ out: inout ByteWriter, _ audience: WhyAudience) {
        guard let wait = explanation.waitsFor else { return }
        out.key("waits_for")
        out.raw("{")
        switch wait {
        case .held(let reason, let until):
            out.text("what", "held")
            let isOpen = audience == .auditor || reason == "declined_before"
            out.text("reason", isOpen ? reason ?? "care" : "care")
            out.instant("until", until)
        case .reserved(let agent, let until):
            out.text("what", "reserved")
            out.text("agent", agent.rawValue)
            out.instant("until", until)
        case .closed(let until):
            out.text("what", "closed")
            if let until { out.instant("until", until) }
        case .only(let agent, let until):
            out.text("what", "only")
            out.text("agent", agent.rawValue)
            out.instant("until", until)
        case .unroutable: out.text("what", "unroutable")
        }
        out.raw("}")
    }

    // MARK: Agents

    private func write(_ outcome: AgentOutcome, _ out: inout ByteWriter, _ audience: WhyAudience) {
        out.raw("{")
        out.text("agent", outcome.agent.rawValue)
        switch outcome.verdict {
        case .failed(let failed):
            out.text("verdict", "failed")
            write(failed, &out, audience)
        case .notAsked(let reason):
            out.text("verdict", "not_asked")
            out.text("reason", reason.rawValue)
        case .passed(let candidate):
            out.text("verdict", "passed")
            if let other = sameRound[outcome.agent], outcome.agent != chosen { out.text("asked_for", other.rawValue) }
            write(candidate, &out, audience)
        }
        out.raw("}")
    }

    private func write(_ failed: FailedTest, _ out: inout ByteWriter, _ audience: WhyAudience) {
        out.text("test", failed.test.rawValue)
        if let presence = failed.presence { out.text("state", presence.rawValue) }
        if let since = failed.since { out.instant("since", since) }
        if let until = failed.until { out.instant("until", until) }
        if let kind = failed.kind {
            out.text("kind", kind == .stress && audience == .everyone ? "care" : kind.rawValue)
        }
        if let skill = failed.skill { out.text("skill", skill.rawValue) }
        if let needed = failed.needed { out.number("needed", needed) }
        if let has = failed.has { out.number("has", has) }
        if let load = failed.load { out.number("load", load) }
        if let units = failed.units { out.number("units", units) }
        if let capacity = failed.capacity { out.number("capacity", capacity) }
        if let conversation = failed.conversation { out.text("conversation", conversation.rawValue) }
        if let times = failed.times { out.number("times", times) }
    }

    private func write(_ candidate: Decision.Candidate, _ out: inout ByteWriter, _ audience: WhyAudience) {
        if audience == .auditor {
            out.number("cost", candidate.cost)
            out.number("tier", candidate.tier)
        }
        out.key("terms")
        out.raw("{")
        out.number("load", candidate.terms.load)
        if audience == .auditor {
            out.number("stress", candidate.terms.stress)
            out.number("share", candidate.terms.share)
        }
        out.text("care", candidate.care.rawValue)
        out.number("over_skill", candidate.terms.overSkill)
        out.number("idle", candidate.terms.idle)
        out.number("sticky", candidate.terms.sticky)
        out.number("prefer", candidate.terms.prefer)
        out.number("language", candidate.terms.language)
        out.raw("}")
    }

    // MARK: Record

    private func writeRecord(_ out: inout ByteWriter, _ audience: WhyAudience) {
        let decision = recorded ?? explanation.decision
        out.key("decision")
        out.raw("{")
        out.key("recorded")
        out.boolean(recorded != nil)
        if let agrees {
            out.key("agrees")
            out.boolean(agrees)
        }
        out.number("eligible", decision.eligible)
        out.key("failed")
        out.raw("{")
        for failure in decision.failed {
            out.string(key: failure.test.rawValue)
            out.integer(failure.agents)
        }
        out.raw("}")
        out.text("rules", decision.rules)
        out.number("rules_version", decision.rulesVersion)
        out.text("lexicon", decision.lexicon)
        if let rules { writeWeights(rules.weights, &out) }
        out.raw("}")
    }

    private func writeWeights(_ weights: CostWeights, _ out: inout ByteWriter) {
        out.key("weights")
        out.raw("{")
        out.number("load", weights.load)
        out.number("stress", weights.stress)
        out.number("share", weights.share)
        out.number("over_skill", weights.overSkill)
        out.number("idle", weights.idle)
        out.number("sticky", weights.sticky)
        out.number("prefer", weights.prefer)
        out.number("language", weights.language)
        out.raw("}")
    }
}

extension ByteWriter {
    /// Writes a key that is data, with a comma before it where one is due.
    mutating func string(key: String) {
        separate()
        string(key)
        raw(":")
    }

    mutating func text(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    mutating func number(_ name: StaticString, _ value: some FixedWidthInteger & SignedInteger) {
        key(name)
        integer(value)
    }

    mutating func instant(_ name: StaticString, _ value: Instant) {
        key(name)
        instant(value)
    }

    mutating func skills(_ name: StaticString, _ skills: Skills) {
        key(name)
        raw("{")
        for entry in skills.entries {
            string(key: entry.skill.rawValue)
            integer(entry.level)
        }
        raw("}")
    }

    mutating func array<Element>(
        _ name: StaticString, _ elements: [Element], _ write: (inout ByteWriter, Element) -> Void
    ) {
        key(name)
        raw("[")
        for element in elements {
            separate()
            write(&self, element)
        }
        raw("]")
    }

    /// Writes what an answer says in words, chapter by chapter.
    mutating func sentences(_ chapters: [(key: String, sentences: [String])]) {
        key("sentences")
        raw("{")
        for chapter in chapters {
            string(key: chapter.key)
            raw("[")
            for sentence in chapter.sentences {
                separate()
                string(sentence)
            }
            raw("]")
        }
        raw("}")
    }
}
