import KapwaDomain

/// Looks for what is legal but wrong, once a file has no error.
struct RuleLints {
    let file: Section
    let rules: RuleSet
    let agents: [AgentCard]?

    func run() {
        guard file.findings.failure == nil else { return }
        routes()
        for (field, queue) in zip(items("queues"), rules.queues) { look(at: queue, field) }
        points()
        costs()
        floors()
        playbooks()
        shifts()
        danger()
    }

    /// The values of a list that was read without an error.
    func items(_ key: String) -> [Field] { file[key]?.items ?? [] }

    // MARK: Routes and points

    private func routes() {
        let routes = items("routes")
        for (index, field) in routes.enumerated() where index < rules.routes.count {
            let earlier = rules.routes[..<index].firstIndex { $0.condition.covers(rules.routes[index].condition) }
            guard let earlier else { continue }
            if rules.routes[earlier].condition == Condition() {
                field.warn(
                    "no conversation comes here, routes[\(earlier)] takes every one",
                    fix: "give that route a condition, or put it last")
            } else {
                field.warn(
                    "no conversation comes here, routes[\(earlier)] takes every one of these",
                    fix: "put this route before it")
            }
        }
        let reached = Set(rules.routes.map(\.queue))
        if let first = rules.queues.first, !reached.contains(first.id), rules.queues.count > 1,
            let all = rules.routes.firstIndex(where: { $0.condition == Condition() })
        {
            items("queues").first?.warn(
                "nothing is left for the first queue \"\(first.id)\": routes[\(all)] takes every conversation",
                fix: "leave that route out, or give it a condition")
        }
        // The first queue takes what no route wants; any other needs a route, or a command that names it.
        for (field, queue) in zip(items("queues"), rules.queues).dropFirst() where !reached.contains(queue.id) {
            field.warn(
                "no route leads to the queue \"\(queue.id)\"",
                fix: "add a route, or let the commands name it in their field queue")
        }
    }

    /// Who shouts must not be served before who waits: then everybody learns to shout.
    private func points() {
        for (own, rule) in zip(file["points"]?["own"]?.items ?? [], rules.points.own) {
            guard let when = own["when"] else { continue }
            for tag in rule.condition.tags.map(\.tag) where [.frustration, .abuse, .threat].contains(tag) {
                when.warn(
                    "points for \(tag.rawValue) reward shouting",
                    fix: "use urgency or distress; let a route on \(tag.rawValue) choose who answers, not when")
            }
            let mood = rule.condition.mood
            if mood.polarityBelow != nil || mood.trends == [.rising] {
                when["mood"]?.warn(
                    "points for a bad mood reward shouting",
                    fix: "use urgency or distress; let a route on mood choose who answers, not when")
            }
        }
        for (index, (route, rule)) in zip(items("routes"), rules.routes).enumerated() {
            guard rule.condition.isAboutAnger, let queue = rules.queue(rule.queue),
                let slower = slower(than: queue, after: index)
            else { continue }
            route.warn(
                "whoever shouts comes into a queue with half the time of \"\(slower.id)\"",
                fix: "give \(queue.id) a like target; a route on anger chooses who answers, not when")
        }
    }

    /// Where those who stay calm would come instead, if somebody waits there at least twice as long on some channel.
    private func slower(than queue: Queue, after route: Int) -> Queue? {
        let calm = rules.routes.dropFirst(route + 1).filter { !$0.condition.isAboutAnger }
        return (rules.queues.prefix(1) + calm.compactMap { rules.queue($0.queue) }).first { other in
            other.id != queue.id && Channel.allCases.contains { queue.target[$0] * 2 <= other.target[$0] }
        }
    }

    // MARK: Breaks

    private func costs() {
        cost(file["breaks"] ?? file["teams"], rules.breaks, "the break policy")
        for (field, team) in zip(items("teams"), rules.teams.isEmpty ? [] : teamsOfFile()) {
            if let breaks = team.breaks { cost(field["breaks"], breaks, "the break policy of team \(team.id)") }
        }
    }

    /// The teams in the order of the file: the rules keep them by name.
    private func teamsOfFile() -> [TeamRules] {
        items("teams").compactMap { field in
            guard case .scalar(let id, _)? = field["id"]?.value.kind else { return nil }
            return rules.teams.first { $0.id.rawValue == id }
        }
    }

    private func cost(_ field: Field?, _ policy: BreakPolicy, _ whose: String) {
        guard let field, field.path.hasSuffix("breaks") else { return }
        let cost = policy.expectedCost()
        if cost.total > cost.shiftMinutes {
            field.warn(
                "\(whose) costs more minutes than a shift has, \(cost.words)",
                fix: "plan fewer or shorter breaks, or let them come less often")
        } else if cost.total * 3 > cost.shiftMinutes {
            field.warn(
                "\(whose) costs more than a third of a shift, \(cost.words)",
                fix: "look at planned and threshold, and see that as many people more are there")
        }
        crowd(field, policy, whose)
    }

    /// Breaks that cannot all begin inside their windows, in an ordinary shift or in the shortest that has one of them.
    private func crowd(_ field: Field, _ policy: BreakPolicy, _ whose: String) {
        let shifts = [.hours(9)] + policy.planned.map(\.shiftAtLeast).filter { $0 > 0 }.sorted()
        for shift in shifts {
            let kinds = policy.crowded(shift: shift).map(\.kind.rawValue)
            guard let last = kinds.last else { continue }
            let names = kinds.dropLast().map { "\($0), " }.joined() + last
            (field["planned"] ?? field).warn(
                "\(whose) has breaks that cannot begin inside their windows in a shift of \(DurationText.write(shift)),"
                    + " because others come first: \(names)",
                fix: "let windows be longer, or lie one after the other")
            return
        }
    }

    // MARK: Others

    private func playbooks() {
        let needed = Set(rules.queues.flatMap { $0.needs.entries.map(\.skill) })
        for (field, playbook) in zip(items("playbooks"), rules.playbooks) {
            for (drop, skill) in zip(field["drop"]?.items ?? [], playbook.drop) where !needed.contains(skill) {
                drop.warn(
                    "no queue needs \(skill), so dropping it brings nobody", fix: Self.known(skill, Array(needed)))
            }
        }
    }

    static func known(_ skill: SkillID, _ needed: [SkillID]) -> String {
        let names = needed.map(\.rawValue).sorted()
        if let guess = Nearest.word(to: skill.rawValue, in: names) { return "did you mean \"\(guess)\"?" }
        return names.isEmpty ? "leave it out" : "the queues need \(names.prefix(20).joined(separator: ", "))"
    }

    private func shifts() {
        let conditions = rules.routes.map(\.condition) + rules.points.own.map(\.condition)
        let used = Set(conditions.flatMap { $0.shifts.map(\.name) })
        guard case .mapping(let entries)? = file["shifts"]?.value.kind else { return }
        for entry in entries where !used.contains(entry.key) {
            file["shifts"]?[entry.key]?.warn(
                "no condition names the shift \"\(entry.key)\"",
                fix: "write shifts: [\(entry.key)] in a condition, or leave it out")
        }
    }

    /// Somebody in danger needs a person who learned to help; without one, anyone who is ready gets the contact.
    private func danger() {
        guard let agents, !agents.isEmpty, let field = file["safety_protocol"] ?? file["queues"] else { return }
        guard !agents.contains(where: { $0.skills.level(of: "safety") > 0 }) else { return }
        field.warn(
            "no agent has the skill safety: whoever is in danger comes to anyone who is ready",
            fix: "train some people, and give them the skill safety")
    }
}

extension Field {
    /// The values of a list, without a word when it is none.
    var items: [Field] {
        guard case .list(let values) = value.kind else { return [] }
        return values.enumerated().map { Field(value: $1, path: "\(path)[\($0)]", findings: findings) }
    }

    /// The value of a key of a mapping, without a word when it is none.
    subscript(_ key: String) -> Field? {
        guard case .mapping(let entries) = value.kind else { return nil }
        return entries.first { $0.key == key }.map {
            Field(value: $0.value, path: path.isEmpty ? key : "\(path).\(key)", findings: findings)
        }
    }
}

extension Condition {
    var isAboutAnger: Bool {
        tags.contains { [.frustration, .abuse, .threat].contains($0.tag) } || mood.polarityBelow != nil
            || mood.trends == [.rising]
    }

    /// Whether it surely holds wherever the other does.
    func covers(_ other: Condition) -> Bool {
        func within<Value: Equatable>(_ mine: [Value], _ theirs: [Value]) -> Bool {
            mine.isEmpty || (!theirs.isEmpty && theirs.allSatisfy(mine.contains))
        }
        guard within(channels, other.channels), within(topics, other.topics), within(languages, other.languages),
            within(shifts, other.shifts), hours == nil || hours == other.hours, mood.isEmpty || mood == other.mood
        else { return false }
        if let safety, other.safety.map({ $0 >= safety }) != true { return false }
        let tagsHold = tags.allSatisfy { mine in
            other.tags.contains { $0.tag == mine.tag && $0.atLeast >= mine.atLeast }
        }
        guard tagsHold, attributes.allSatisfy(other.attributes.contains) else { return false }
        if let bad = history.badEpisodes, other.history.badEpisodes.map({ $0 >= bad }) != true { return false }
        if let within = history.returningWithin, other.history.returningWithin.map({ $0 <= within }) != true {
            return false
        }
        return true
    }
}
