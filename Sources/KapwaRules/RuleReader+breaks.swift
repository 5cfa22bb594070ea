import KapwaDomain

extension RuleReader {
    /// What no rule may set: the promise to the people who answer is the same on every floor.
    func readBreaks(_ field: Field, into policy: inout BreakPolicy, mode: inout Mode) {
        guard let section = field.section(keys: RuleKeys.breaks) else { return }
        set(&mode, section["mode"]?.choice("mode", of: Mode.self))
        if let preset = section["preset"] { readPreset(preset, into: &policy) }
        let promised = policy
        readPolicy(section, into: &policy)
        if let name = policy.preset { warnOfLess(section, policy, than: promised, of: name) }
    }

    private func readPreset(_ field: Field, into policy: inout BreakPolicy) {
        if case .scalar("none", _) = field.value.kind {
            policy.preset = nil
            policy.planned = []
            return
        }
        guard let name = field.text(bytes: 1...64) else { return }
        guard let preset = presets[name] else {
            let names = presets.names
            let guess = Nearest.word(to: name, in: names).map { "did you mean \"\($0)\"?" }
            field.report(
                "there is no preset \(quoted(name))",
                fix: guess
                    ?? "the presets are \(names.joined(separator: ", ")); more lie in the models, named with --models")
            return
        }
        if preset.isDraft {
            field.warn(
                "the preset \(name) is a draft: \(preset.caution)",
                fix: "have somebody who knows that law read it before people rely on it")
        }
        if preset.policy != BreakPreset.standard.policy {
            if let other = namedPreset, other != preset {
                field.report(
                    "two presets in one file, \(other.name) and \(name)",
                    fix: "keep one, and write what is different for a team under its breaks")
            }
            namedPreset = preset
        }
        policy = preset.policy
    }

    /// The keys that a preset has in common with the rules.
    func readPolicy(_ section: Section, into policy: inout BreakPolicy) {
        let longest = Limits.breakMinutes.upperBound
        let floor = Limits.stressBreakMinutesMin
        let short = ": a stress break lasts at least \(floor)m"
        set(
            &policy.threshold,
            section["threshold"]?.thousandths(
                in: Limits.breakThresholds, because: ": after six hard contacts a break is overdue"))
        set(&policy.minutes, section["length"].flatMap { minutes($0, in: floor...longest, because: short) })
        set(&policy.graveMinutes, section["grave_length"].flatMap { minutes($0, in: floor...longest, because: short) })
        set(&policy.insultMinutes, section["insult_length"].flatMap { minutes($0, in: 1...60) })
        set(&policy.minimumMinutes, section["minimum"].flatMap { minutes($0, in: floor...longest, because: short) })
        set(
            &policy.startWithin,
            section["start_within"]?.duration(
                in: .minutes(1)...Limits.breakWindowMax, because: ": a break that starts later helps nobody"))
        if let paid = section["paid"], paid.flag() == false {
            paid.report("a stress break is always paid", fix: "write true, or leave the key out")
        }
        set(&policy.immediateAfterAnyAbuse, section["immediate_after_any_abuse"]?.flag())
        set(&policy.inviteAt, section["invite_at"]?.thousandths(in: 300...1_000))
        set(&policy.teamShareMax, section["team_share_max"]?.thousandths(in: 50...1_000))
        set(
            &policy.postponeMax,
            section["postpone_max"]?.duration(
                in: 0...Limits.postponementMax, because: ": moved further, a break comes too late"))
        set(&policy.landing, section["landing"]?.duration(in: 0...(.hours(1))))
        set(&policy.landingAfterAway, section["landing_after_away"]?.duration(in: .minutes(5)...(.hours(8))))
        set(&policy.landingEvery, section["landing_every"]?.duration(in: 0...(.hours(12))))
        if let planned = section["planned"]?.list(most: Limits.plannedBreakRulesMax) {
            policy.planned += planned.compactMap(plannedBreak)
            if policy.planned.count > Limits.plannedBreakRulesMax {
                section["planned"]?.report(
                    "\(policy.planned.count) planned breaks with those of the preset",
                    fix: "\(Limits.plannedBreakRulesMax) are the most")
            }
        }
        checkLengths(section, policy)
    }

    private func checkLengths(_ section: Section, _ policy: BreakPolicy) {
        let shortest = min(policy.minutes, policy.graveMinutes)
        if policy.minimumMinutes > shortest {
            (section["minimum"] ?? section["length"] ?? section["grave_length"])?.report(
                "a break of \(shortest)m is shorter than its minimum of \(policy.minimumMinutes)m",
                fix: "let minimum be at most length and grave_length")
        }
        if policy.graveMinutes < policy.minutes {
            (section["grave_length"] ?? section["length"])?.warn(
                "the break after a threat or a safety contact is shorter than the ordinary one",
                fix: "let grave_length be at least length")
        }
    }

    private func warnOfLess(_ section: Section, _ policy: BreakPolicy, than promised: BreakPolicy, of name: String) {
        guard section["preset"] != nil || name != BreakPreset.standard.name else { return }
        func warn(_ key: String, _ less: Bool, _ value: String) {
            guard less else { return }
            section[key]?.warn(
                "this is less than the preset \(name) gives", fix: "write \(value), or leave the key out")
        }
        warn("length", policy.minutes < promised.minutes, "\(promised.minutes)m")
        warn("grave_length", policy.graveMinutes < promised.graveMinutes, "\(promised.graveMinutes)m")
        warn("minimum", policy.minimumMinutes < promised.minimumMinutes, "\(promised.minimumMinutes)m")
        warn("threshold", policy.threshold > promised.threshold, Field.decimal(promised.threshold))
        warn("start_within", policy.startWithin > promised.startWithin, DurationText.write(promised.startWithin))
        warn("immediate_after_any_abuse", promised.immediateAfterAnyAbuse && !policy.immediateAfterAnyAbuse, "true")
    }

    /// A length of time in whole minutes.
    func minutes(_ field: Field, in range: ClosedRange<Int>, because reason: String = "") -> Int? {
        let allowed: ClosedRange<Milliseconds> = .minutes(Int64(range.lowerBound))...(.minutes(Int64(range.upperBound)))
        guard let length = field.duration(in: allowed, because: reason) else { return nil }
        guard length % .minutes(1) == 0 else {
            field.report("\(DurationText.write(length)) is not in whole minutes", fix: "write minutes as in 10m")
            return nil
        }
        return Int(length / .minutes(1))
    }
}
