import KapwaDomain

extension RuleDiff {
    mutating func breaks(_ name: String, _ old: BreakPolicy, _ new: BreakPolicy) {
        changed("\(name): the preset is", old.preset, new.preset) { $0 ?? "none" }
        changed("\(name): one is owed above", old.threshold, new.threshold) { "\(Field.decimal($0)) hard contacts" }
        changed("\(name): a stress break lasts", old.minutes, new.minutes, Words.minutes)
        changed("\(name): after a threat or danger it lasts", old.graveMinutes, new.graveMinutes, Words.minutes)
        changed(
            "\(name): after a single insult the agent is offered", old.insultMinutes, new.insultMinutes, Words.minutes)
        changed("\(name): nobody can end one before", old.minimumMinutes, new.minimumMinutes, Words.minutes)
        changed("\(name): once owed it begins within", old.startWithin, new.startWithin, Words.time)
        changed(
            "\(name): any abuse brings one at once:", old.immediateAfterAnyAbuse, new.immediateAfterAnyAbuse,
            { $0 ? "yes" : "no" })
        changed("\(name): the most stressed are invited from", old.inviteAt, new.inviteAt) {
            "\(Words.share($0)) of the threshold"
        }
        changed("\(name): at once may go", old.teamShareMax, new.teamShareMax) { "\(Words.share($0)) of a team" }
        changed("\(name): an agent may move one by", old.postponeMax, new.postponeMax, Words.time)
        changed("\(name): ease in for", old.landing, new.landing, Words.time)
        changed("\(name): ease in also after being away for", old.landingAfterAway, new.landingAfterAway, Words.time)
        changed("\(name): ease in after being away once in", old.landingEvery, new.landingEvery, Words.time)
        for rule in old.planned where !new.planned.contains(rule) {
            say("\(name): planned no longer, \(Words.planned(rule))")
        }
        for rule in new.planned where !old.planned.contains(rule) {
            say("\(name): planned newly, \(Words.planned(rule))")
        }
        let (before, after) = (old.expectedCost(), new.expectedCost())
        if before.total != after.total {
            say(
                "\(name): an agent's shift of \(after.shiftMinutes) minutes has about \(after.total) minutes of break "
                    + "instead of \(before.total)")
        }
    }

    mutating func teams(_ old: RuleSet, _ new: RuleSet) {
        let before = old.teams.map(\.id)
        let after = new.teams.map(\.id)
        for id in before where !after.contains(id) { say("team \(id): has no rules of its own any longer") }
        for id in after where !before.contains(id) { say("team \(id): has rules of its own") }
        for id in Set(before + after).sorted() {
            // What changed for everybody was said there.
            let isOwn = (old.teams + new.teams).contains { $0.id == id && $0.breaks != nil }
            if isOwn { breaksOfTeam(id, old.breaks(for: id), new.breaks(for: id)) }
            if (old.teams + new.teams).contains(where: { $0.id == id && $0.routingMode != nil }) {
                changed(
                    "team \(id): the mode of routing is", old.routingMode(for: id), new.routingMode(for: id), \.rawValue
                )
            }
            if (old.teams + new.teams).contains(where: { $0.id == id && $0.breaksMode != nil }) {
                changed(
                    "team \(id): the mode of breaks is", old.breaksMode(for: id), new.breaksMode(for: id), \.rawValue)
            }
        }
    }

    /// What changed for the team and not just the same for everybody.
    private mutating func breaksOfTeam(_ id: TeamID, _ old: BreakPolicy, _ new: BreakPolicy) {
        var own = RuleDiff()
        own.breaks("breaks", old, new)
        for sentence in own.sentences where !sentences.contains(sentence) {
            say("team \(id)\(sentence.dropFirst("breaks".count))")
        }
    }
}
