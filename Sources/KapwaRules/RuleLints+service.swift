import KapwaDomain

/// Whether the people who are there can serve the queues, and rest besides.
extension RuleLints {
    func look(at queue: Queue, _ field: Field) {
        steps(queue, field)
        if let agents, !agents.isEmpty {
            service(queue, field, agents)
        } else {
            rare(queue, field)
        }
    }

    /// A step that changes nothing, and one that never begins.
    private func steps(_ queue: Queue, _ field: Field) {
        var needs = queue.needs
        var begins: Milliseconds = 0
        for (field, step) in zip(field["steps"]?.items ?? [], queue.steps) {
            begins += step.after
            if begins >= queue.maxWait {
                field["after"]?.warn(
                    "this step would begin after \(DurationText.write(begins)), when the wait is given up",
                    fix: "let the steps together be shorter than max_wait, \(DurationText.write(queue.maxWait))")
            }
            if step.relaxed(needs) == needs {
                field.warn(
                    "this step changes nothing: \(Self.words(needs)) is needed before and after it",
                    fix: "lower or drop a skill that the queue still needs, or leave the step out")
            } else {
                idle(step, needs, field)
            }
            needs = step.relaxed(needs)
        }
    }

    /// Parts of a step without effect.
    private func idle(_ step: Step, _ needs: Skills, _ field: Field) {
        for lower in step.lower.entries {
            let level = needs.level(of: lower.skill)
            guard level <= lower.level else { continue }
            field["lower"]?[lower.skill.rawValue]?.warn(
                level == 0 ? "\(lower.skill) is not needed here" : "\(lower.skill) is needed at level \(level) only",
                fix: level > 1 ? "write a level below \(level), or leave it out" : "leave it out")
        }
        for (drop, skill) in zip(field["drop"]?.items ?? [], step.drop) where needs.level(of: skill) == 0 {
            drop.warn("\(skill) is not needed here", fix: Self.known(skill, needs.entries.map(\.skill)))
        }
    }

    static func words(_ needs: Skills) -> String {
        needs.isEmpty ? "nothing" : needs.entries.map { "\($0.skill) \($0.level)" }.joined(separator: ", ")
    }

    /// Without knowing the agents: the highest level, for ever.
    private func rare(_ queue: Queue, _ field: Field) {
        let last = queue.relaxed(queue.needs, steps: queue.steps.count)
        for need in last.entries where need.level == Limits.skillLevels.upperBound {
            field["needs"]?[need.skill.rawValue]?.warn(
                "no step relaxes the highest level of \(need.skill): when few have it, nobody serves the queue",
                fix: "add a step that lowers it, or check with --agents who has it")
        }
    }

    private func service(_ queue: Queue, _ field: Field, _ agents: [AgentCard]) {
        let place = field["needs"] ?? field
        func able(_ needs: Skills) -> [AgentCard] { agents.filter { $0.skills.firstUnmet(of: needs) == nil } }
        let last = queue.relaxed(queue.needs, steps: queue.steps.count)
        let atLast = able(last)
        if atLast.isEmpty {
            let best = last.entries.map { need in
                let most = agents.map { $0.skills.level(of: need.skill) }.max() ?? 0
                return "\(need.skill) \(need.level) (the most that anybody has: \(most))"
            }
            return place.warn(
                "nobody can ever serve the queue \"\(queue.id)\", which needs \(best.joined(separator: ", "))",
                fix: "train somebody, or add a step that lowers what nobody has")
        }
        if atLast.count == 1, agents.count > 1 {
            place.warn(
                "only \(atLast[0].id) can serve the queue \"\(queue.id)\"; while they rest, nobody does",
                fix: "train somebody else too, or add a step")
        }
        var wait: Milliseconds = 0
        for begun in 0..<queue.steps.count {
            let needs = queue.relaxed(queue.needs, steps: begun)
            guard able(needs).isEmpty else { break }
            wait += queue.steps[begun].after
            guard !able(queue.relaxed(queue.needs, steps: begun + 1)).isEmpty else { continue }
            place.warn(
                "for the first \(DurationText.write(wait)) nobody can serve the queue \"\(queue.id)\": it needs "
                    + Self.words(queue.needs),
                fix: "need what somebody has from the start: "
                    + Self.words(queue.relaxed(queue.needs, steps: begun + 1)))
            break
        }
    }

    // MARK: Floors

    /// Floors that nobody can keep while everyone gets the breaks that are theirs.
    func floors() {
        let needed = Array(Set(rules.queues.flatMap { $0.needs.entries.map(\.skill) }))
        for (field, floor) in zip(items("floors"), rules.floors) {
            if let skill = floor.skill, !needed.contains(skill) {
                field["skill"]?.warn("no queue needs \(skill)", fix: Self.known(skill, needed))
            }
            guard let agents, !agents.isEmpty else { continue }
            let counted = agents.filter { floor.counts(skills: $0.skills, team: $0.team) }
            if counted.count < floor.least {
                field["least"]?.warn(
                    "\(counted.count) of the agents count for this floor of \(floor.least): it never holds",
                    fix: counted.count > 1 ? "let least be at most \(counted.count - 1)" : "leave the floor out")
            } else {
                collide(field, floor, counted)
            }
        }
    }

    private static func lower(to least: Int) -> String {
        least > 0 ? "let least be at most \(least), or widen the window" : "leave the floor out, or widen the window"
    }

    /// So many can go one after the other within a window; the others reach their deadline, which wins.
    private func collide(_ field: Field, _ floor: Floor, _ counted: [AgentCard]) {
        let policy = rules.breaks(for: floor.team)
        let start = Instant(milliseconds: 0)
        let spare = counted.count - floor.least
        for planned in policy.plan(from: start, to: start + .hours(9)) {
            let window = planned.startBy - planned.earliest
            let turns = Int(window / .minutes(Int64(planned.minutes))) + 1
            guard spare * turns < counted.count else { continue }
            field["least"]?.warn(
                "this floor collides with deadlines: of \(counted.count) agents \(spare) may be on a "
                    + "\(planned.kind.rawValue) break of \(planned.minutes)m at once, so that \(spare * turns) of them "
                    + "have it before it must begin; the others break the floor",
                fix: Self.lower(to: counted.count - (counted.count + turns - 1) / turns))
            return
        }
    }
}
