import KapwaDomain

extension RuleReader {
    private static let queueKeys = [
        "id", "needs", "target", "target_share", "max_wait", "wrapup_limit", "exclusive", "max_length",
    ]
    private static let conditionKeys = ["channels", "topics", "languages", "tags", "attributes", "safety"]

    func queues(_ fields: [Field]) -> [Queue] {
        var queues: [Queue] = []
        var ids: Set<QueueID> = []
        for field in fields {
            guard let section = field.section(keys: Self.queueKeys),
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
        if let needs = section["needs"]?.section(keys: nil) { queue.needs = skills(needs) }
        set(&queue.target, section["target"], in: .seconds(1)...(.days(7)))
        set(&queue.targetShare, section["target_share"]?.thousandths(in: 1...1_000))
        set(&queue.maxWait, section["max_wait"]?.duration(in: .minutes(1)...(.days(30))))
        set(&queue.wrapupLimit, section["wrapup_limit"], in: 0...(.hours(1)))
        set(&queue.exclusive, section["exclusive"]?.flag())
        set(&queue.maxLength, section["max_length"]?.integer(in: 1...Limits.conversationsMax))
        return queue
    }

    private func skills(_ section: Section) -> Skills {
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
        var catchAll: Int?
        let known = Set(queues.map(\.id))
        for (index, field) in fields.enumerated() {
            guard let section = field.section(keys: ["when", "queue"]) else { continue }
            if let catchAll {
                field.warn(
                    "no conversation comes here, routes[\(catchAll)] takes every one",
                    fix: "give that route a condition, or put it last")
            }
            let condition = section["when"].map(condition) ?? Condition()
            if condition == Condition(), catchAll == nil { catchAll = index }
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
        guard let section = field.section(keys: Self.conditionKeys) else { return condition }
        condition.channels = words(section["channels"]) { $0.choice("channel", of: Channel.self) }
        condition.topics = words(section["topics"]) { $0.text() }
        condition.languages = words(section["languages"]) { $0.choice("language", of: Assessment.Language.self) }
        condition.safety = section["safety"]?.choice("level", of: SafetyFlag.Level.self)
        let tags = section["tags"]?.section(keys: Tag.allCases.map(\.rawValue))
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

    private func words<Value>(_ field: Field?, _ read: (Field) -> Value?) -> [Value] {
        guard let field, let values = field.list(most: Limits.listsMax) else { return [] }
        if values.isEmpty { field.report("the list is empty", fix: "name at least one, or leave the key out") }
        return values.compactMap(read)
    }

    /// The first queue takes what no route wants; any other needs a route, or a command that names it.
    func warnOfUnreached(_ fields: [Field], rules: RuleSet) {
        let reached = Set(rules.routes.map(\.queue))
        for (field, queue) in zip(fields, rules.queues).dropFirst() where fields.count == rules.queues.count {
            guard !reached.contains(queue.id) else { continue }
            field.warn(
                "no route leads to the queue \"\(queue.id)\"",
                fix: "add a route, or let the commands name it in their field queue")
        }
    }
}
