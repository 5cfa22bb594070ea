import KapwaDomain

/// Fills a ``RuleSet`` from the sections of a file.
final class RuleReader {
    let presets: BreakPresets
    let agents: [AgentCard]?
    /// The clock that hours without a zone of their own follow.
    var zone: String?
    /// Changes of the clocks that were looked up.
    var clocks: [String: [Hours.ZoneShift]] = [:]
    /// The hours that conditions can name.
    var shifts: [Shift] = []
    /// The preset from a file of its own that the rules name.
    var namedPreset: BreakPreset?

    init(presets: BreakPresets, agents: [AgentCard]? = nil) {
        self.presets = presets
        self.agents = agents
    }

    func rules(from file: Section) -> (rules: RuleSet, preset: BreakPreset?) {
        var rules = RuleSet.standard
        _ = file["version"]?.integer(in: 1...1, because: ": this is the first form of the file")
        zone = file["zone"].flatMap(zoneName)
        readShifts(file["shifts"])
        if let routing = file["routing"]?.section(keys: RuleKeys.routing) {
            set(&rules.routingMode, routing["mode"]?.choice("mode", of: Mode.self))
        }
        let queues = file["queues"]?.list(most: Limits.queuesMax)
        if let queues { rules.queues = self.queues(queues) }
        if queues?.isEmpty == true {
            file["queues"]?.report("there is no queue", fix: "name at least one, or leave queues out for \"main\"")
        }
        if let routes = file["routes"]?.list(most: Limits.routesMax) {
            rules.routes = self.routes(routes, queues: rules.queues)
        }
        if let points = file["points"] { readPoints(points, into: &rules.points) }
        if let weights = file["weights"] { readWeights(weights, into: &rules.weights) }
        if let breaks = file["breaks"] { readBreaks(breaks, into: &rules.breaks, mode: &rules.breaksMode) }
        rules.floors = floors(file["floors"])
        rules.teams = teams(file["teams"], rules)
        if let offers = file["offers"] { readOffers(offers, into: &rules.offers) }
        rules.safetyProtocol = file["safety_protocol"].flatMap(safetyProtocol)
        if let escalation = file["safety_escalation"] { readEscalation(escalation, into: &rules) }
        rules.playbooks = playbooks(file["playbooks"])
        RuleLints(file: file, rules: rules, agents: agents).run()
        return (rules, namedPreset)
    }

    /// Takes a value over if the file has a right one.
    func set<Value>(_ place: inout Value, _ value: Value?) {
        if let value { place = value }
    }

    /// Takes over the channels that the file names.
    func set(_ place: inout PerChannel<Milliseconds>, _ field: Field?, in range: ClosedRange<Milliseconds>) {
        guard let section = field?.section(keys: RuleKeys.channels) else { return }
        set(&place.chat, section["chat"]?.duration(in: range))
        set(&place.voice, section["voice"]?.duration(in: range))
        set(&place.email, section["email"]?.duration(in: range))
        place.social = section["social"]?.duration(in: range) ?? place.social
        place.sms = section["sms"]?.duration(in: range) ?? place.sms
        place.callback = section["callback"]?.duration(in: range) ?? place.callback
    }

    private func readWeights(_ field: Field, into weights: inout CostWeights) {
        guard let section = field.section(keys: RuleKeys.weights) else { return }
        let range = 0...1_000
        set(&weights.load, section["load"]?.integer(in: range))
        set(&weights.stress, section["stress"]?.integer(in: range))
        set(&weights.share, section["share"]?.integer(in: range))
        set(&weights.overSkill, section["over_skill"]?.integer(in: range))
        set(&weights.idle, section["idle"]?.integer(in: range))
        set(&weights.sticky, section["sticky"]?.integer(in: range))
        set(&weights.prefer, section["prefer"]?.integer(in: range))
        set(&weights.language, section["language"]?.integer(in: range))
        guard weights.sum > CostWeights.sumMax else { return }
        field.report(
            "all weights together are \(weights.sum), so that costs could outweigh a soft test",
            fix: "let them add up to at most \(CostWeights.sumMax)")
    }

    private func readOffers(_ field: Field, into offers: inout OfferRules) {
        guard let section = field.section(keys: RuleKeys.offers) else { return }
        set(&offers.timeout, section["timeout"], in: Self.offerTimeouts)
        set(&offers.hold, section["hold"], in: .seconds(1)...(.hours(1)))
        set(&offers.maxIdle, section["max_idle"], in: .minutes(1)...(.days(30)))
        set(&offers.strikes, section["strikes"]?.integer(in: 1...100))
    }

    private func safetyProtocol(_ field: Field) -> SafetyProtocol? {
        guard let section = field.section(keys: RuleKeys.safetyProtocol) else { return nil }
        let text = section.required("text", example: "what to do first, and the numbers to call")?
            .text(bytes: 1...Limits.commentBytesMax)
        let date = section.required("checked_on", example: "2026-01-31")
        guard let checkedOn = date?.text(bytes: 1...64), let text else { return nil }
        guard CalendarDay.number(checkedOn) != nil else {
            date?.report("\(quoted(checkedOn)) is no date", fix: "write the day of the last check as 2026-01-31")
            return nil
        }
        return SafetyProtocol(text: text, checkedOn: checkedOn)
    }
}
