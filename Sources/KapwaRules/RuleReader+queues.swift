import KapwaDomain

extension RuleReader {
    func queues(_ fields: [Field]) -> [Queue] {
        var queues: [Queue] = []
        var ids: Set<QueueID> = []
        for field in fields {
            guard let section = field.section(keys: RuleKeys.queue),
                let id = section.required("id", example: "main")?.identifier("queue", of: Named.Queue.self)
            else { continue }
            guard ids.insert(id).inserted else {
                section["id"]?.report("the queue \"\(id)\" is there already", fix: "give each queue an id of its own")
                continue
            }
            queues.append(queue(id, section))
        }
        return queues
    }

    private func queue(_ id: QueueID, _ section: Section) -> Queue {
        var queue = Queue(id: id)
        if let needs = section["needs"]?.section(keys: nil) { queue.needs = Self.skills(needs) }
        set(&queue.target, section["target"], in: .seconds(1)...(.days(7)))
        set(&queue.targetShare, section["target_share"]?.thousandths(in: 1...1_000))
        set(&queue.maxWait, section["max_wait"]?.duration(in: .minutes(1)...(.days(30))))
        set(&queue.wrapupLimit, section["wrapup_limit"], in: 0...(.hours(1)))
        set(&queue.exclusive, section["exclusive"]?.flag())
        set(&queue.maxLength, section["max_length"]?.integer(in: 1...Limits.conversationsMax))
        queue.steps = (section["steps"]?.list(most: Limits.stepsPerQueueMax) ?? []).compactMap(step)
        queue.hours = section["hours"].flatMap(hours)
        if let timeout = section["offer_timeout"] {
            var own = OfferRules().timeout
            set(&own, timeout, in: Self.offerTimeouts)
            queue.offerTimeout = own
        }
        return queue
    }

    static let offerTimeouts: ClosedRange<Milliseconds> = .seconds(5)...(.hours(1))

    private func step(_ field: Field) -> Step? {
        guard let section = field.section(keys: RuleKeys.step) else { return nil }
        let after = section.required("after", example: "60s")?.duration(in: .seconds(1)...(.days(7)))
        let lower = section["lower"]?.section(keys: nil).map(Self.skills) ?? .none
        let drop = skillNames(section["drop"])
        if section["lower"] == nil && section["drop"] == nil {
            field.report("this step relaxes nothing", fix: "write lower: {billing: 1} or drop: [billing]")
        }
        for skill in drop where lower.level(of: skill) > 0 {
            section["drop"]?.report("\(skill) is lowered and dropped in one step", fix: "keep one of them")
        }
        return after.map { Step(after: $0, lower: lower, drop: drop) }
    }

    static func skills(_ section: Section) -> Skills {
        guard section.all.count <= Limits.skillsMax else {
            section.report("\(section.all.count) skills are needed", fix: "\(Limits.skillsMax) are the most")
            return .none
        }
        return Skills(
            section.all.compactMap { key, level in
                guard let skill = key.identifier("skill", of: Named.Skill.self),
                    let level = level.integer(in: Limits.skillLevels)
                else { return nil }
                return Skills.Entry(skill: skill, level: level)
            })
    }

    func routes(_ fields: [Field], queues: [Queue]) -> [Route] {
        var routes: [Route] = []
        let known = Set(queues.map(\.id))
        for field in fields {
            guard let section = field.section(keys: RuleKeys.route) else { continue }
            let condition = section["when"].map(condition) ?? Condition()
            let name = section.required("queue", example: queues.first?.id.rawValue ?? "main")
            guard let queue = name?.identifier("queue", of: Named.Queue.self) else { continue }
            guard known.contains(queue) else {
                let names = queues.map(\.id.rawValue)
                let guess = Nearest.word(to: queue.rawValue, in: names).map { "did you mean \"\($0)\"?" }
                name?.report(
                    "there is no queue \"\(queue)\"",
                    fix: guess ?? "the queues are \(names.prefix(20).joined(separator: ", "))")
                continue
            }
            routes.append(Route(condition: condition, queue: queue))
        }
        return routes
    }

    func condition(_ field: Field) -> Condition {
        var condition = Condition()
        guard let section = field.section(keys: RuleKeys.condition, unlisted: RuleKeys.unfair) else { return condition }
        for (key, _) in section.all {
            guard case .scalar(let name, _) = key.value.kind, RuleKeys.unfair.contains(name) else { continue }
            key.report(
                "\(quoted(name)) is no condition: the people who answer are not sorted by their stress, breaks, reports, "
                    + "declines or names",
                fix: "ask for needs, topics or tags; care for agents is the router's own")
        }
        condition.channels = words(section["channels"]) { $0.choice("channel", of: Channel.self) }
        condition.topics = words(section["topics"]) { $0.text() }
        condition.languages = words(section["languages"]) { $0.choice("language", of: Assessment.Language.self) }
        condition.safety = section["safety"]?.choice("level", of: SafetyFlag.Level.self)
        if let mood = section["mood"] { condition.mood = self.mood(mood) }
        if let history = section["history"] { condition.history = self.history(history) }
        condition.hours = section["hours"].flatMap(hours)
        condition.shifts = words(section["shifts"], namedShifts)
        let tags = section["tags"]?.section(keys: RuleKeys.tags)
        condition.tags = (tags?.all ?? []).compactMap { key, value in
            guard case .scalar(let name, _) = key.value.kind, let tag = Tag(rawValue: name),
                let score = value.thousandths(in: 1...1_000)
            else { return nil }
            return Condition.TagAtLeast(tag: tag, atLeast: Score(milli: score))
        }
        let attributes = section["attributes"]?.section(keys: nil)
        condition.attributes = (attributes?.all ?? []).compactMap { key, value in
            guard let name = key.identifier("attribute", of: Never.self), let value = value.attribute() else {
                return nil
            }
            return Attributes.Entry(name: name.rawValue, value: value)
        }
        return condition
    }

    private func mood(_ field: Field) -> MoodCondition {
        var mood = MoodCondition()
        guard let section = field.section(keys: RuleKeys.mood) else { return mood }
        mood.trends = words(section["trends"]) { $0.choice("trend", of: Mood.Trend.self) }
        mood.polarityBelow = section["polarity_below"]?.signedThousandths().map { Score(milli: $0) }
        mood.polarityAbove = section["polarity_above"]?.signedThousandths().map { Score(milli: $0) }
        if let below = mood.polarityBelow, let above = mood.polarityAbove, above >= below {
            section["polarity_below"]?.report(
                "no feeling lies below this and above polarity_above", fix: "let polarity_below be the greater one")
        }
        if mood.isEmpty { field.report("this asks for no mood", fix: "write trends, polarity_below or polarity_above") }
        return mood
    }

    private func history(_ field: Field) -> HistoryCondition {
        var history = HistoryCondition()
        guard let section = field.section(keys: RuleKeys.history) else { return history }
        history.badEpisodes = section["bad_episodes"]?.integer(in: 1...20)
        history.returningWithin = section["returning_within"]?.duration(in: .minutes(1)...(.days(90)))
        if history.isEmpty { field.report("this asks for nothing", fix: "write bad_episodes or returning_within") }
        return history
    }

    func words<Value>(_ field: Field?, _ read: (Field) -> Value?) -> [Value] {
        guard let field, let values = field.list(most: Limits.listsMax) else { return [] }
        if values.isEmpty { field.report("the list is empty", fix: "name at least one, or leave the key out") }
        return values.compactMap(read)
    }
}
