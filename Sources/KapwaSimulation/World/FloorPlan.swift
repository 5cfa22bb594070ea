import KapwaDomain
import KapwaRules

/// What a rule set asks of a floor: which conversations exist, and who must be there to serve them.
///
/// The rules are anybody's. The world is fitted to them, so that each queue that a route leads to gets conversations and
/// people in proportion.
struct FloorPlan: Sendable {
    /// What a conversation is about before anybody felt anything.
    struct Errand: Sendable, Hashable {
        var channel: Channel
        var topic: String?
        var attributes = Attributes.none
        var language: Assessment.Language
    }

    let rules: RuleSet
    /// Topics that the rules tell apart.
    private let topics: [String]
    private let attributes: [Attributes.Entry]
    /// Share of the work that falls on each queue, in the order of the rules.
    private(set) var work: [Double] = []

    private static let channels: [(channel: Channel, weight: Double)] = [
        (.chat, 0.42), (.voice, 0.35), (.email, 0.12), (.social, 0.11),
    ]
    private static let languages: [(language: Assessment.Language, weight: Double)] = [
        (.taglish, 0.45), (.tl, 0.33), (.en, 0.19), (.ceb, 0.03),
    ]

    init(rules: RuleSet) {
        self.rules = rules
        topics = Self.inOrder(rules.routes.flatMap(\.condition.topics))
        attributes = Self.inOrder(rules.routes.flatMap(\.condition.attributes))
        var generator = SeededGenerator(seed: 1)
        work = Array(repeating: 0, count: rules.queues.count)
        for _ in 0..<4_000 {
            let errand = errand(&generator)
            guard let place = place(of: errand) else { continue }
            work[place] += PlannedContact.medianHandle(errand.channel) * Double(errand.channel.baseUnits)
        }
    }

    private static func inOrder<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }

    func errand(_ generator: inout SeededGenerator) -> Errand {
        let channel = Self.channels[generator.place(in: Self.channels.map(\.weight))].channel
        let language = Self.languages[generator.place(in: Self.languages.map(\.weight))].language
        // As many conversations are about something that the rules do not name as about all that they do.
        let topic = topics.isEmpty || generator.isLucky(500) ? nil : generator.pick(topics)
        let known = attributes.filter { _ in generator.isLucky(150) }
        var names: Set<String> = []
        return Errand(
            channel: channel, topic: topic, attributes: Attributes(known.filter { names.insert($0.name).inserted }),
            language: language)
    }

    /// The queue that the first word leads to, as far as it does not depend on feelings, history or the hour.
    private func place(of errand: Errand) -> Int? {
        let route = rules.routes.first { route in
            let wanted = route.condition
            guard wanted.tags.isEmpty, wanted.safety == nil, wanted.mood.isEmpty, wanted.history.isEmpty,
                wanted.hours == nil, wanted.shifts.isEmpty
            else { return false }
            return (wanted.channels.isEmpty || wanted.channels.contains(errand.channel))
                && (wanted.topics.isEmpty || wanted.topics.contains(errand.topic ?? ""))
                && (wanted.languages.isEmpty || wanted.languages.contains(errand.language))
                && wanted.attributes.allSatisfy { errand.attributes[$0.name] == $0.value }
        }
        guard let route else { return 0 }
        return rules.queues.firstIndex { $0.id == route.queue }
    }

    /// What an agent can do: the needs of one queue with some luck, perhaps of a second, and the languages.
    func skills(of number: Int, among count: Int, _ generator: inout SeededGenerator) -> (queue: Int, skills: Skills) {
        let primary = queue(of: number, among: count)
        var entries = needs(primary, upTo: 2, &generator)
        if rules.queues.count > 1, generator.isLucky(400) {
            entries += needs(generator.pick(0..<rules.queues.count), upTo: 1, &generator)
        }
        // On a floor of a few people everybody does a bit of everything, so that no queue has nobody.
        let busy = work.indices.filter { work[$0] > 0 }
        for other in stride(from: number + count, to: busy.count, by: count) {
            entries += needs(busy[other], upTo: 0, &generator)
        }
        // Queues that only feelings lead to have no share of the work; every fourth agent can serve one of them.
        let byFeelings = work.indices.filter { work[$0] == 0 }
        if !byFeelings.isEmpty, number % 4 == 0 {
            entries += needs(byFeelings[number / 4 % byFeelings.count], upTo: 2, &generator)
        }
        entries.append(Skills.Entry(skill: "tagalog", level: generator.pick(3...5)))
        entries.append(Skills.Entry(skill: "english", level: generator.pick(2...5)))
        if number % 10 == 0 { entries.append(Skills.Entry(skill: "safety", level: 1)) }
        return (primary, Skills(entries))
    }

    /// Every queue has somebody, the rest go where the work is.
    private func queue(of number: Int, among count: Int) -> Int {
        let busy = work.indices.filter { work[$0] > 0 }
        guard number >= busy.count else { return busy[number] }
        let sum = work.reduce(0, +)
        // Spread evenly over the numbers, so that every team has of each.
        let place = (Double(number * 7_919 % count) + 0.5) / Double(count) * sum
        var below = 0.0
        for index in busy {
            below += work[index]
            if place < below { return index }
        }
        return busy.last ?? 0
    }

    private func needs(_ queue: Int, upTo luck: Int, _ generator: inout SeededGenerator) -> [Skills.Entry] {
        rules.queues[queue].needs.entries.map {
            Skills.Entry(skill: $0.skill, level: min(5, $0.level + generator.pick(0...luck)))
        }
    }
}
