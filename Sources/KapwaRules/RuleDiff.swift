import KapwaDomain

/// What changes between two sets of rules, in words that a supervisor reads.
public struct RuleDiff {
    /// One sentence per change, in the order of the keys of a rules file; empty when both mean the same.
    public static func words(from old: RuleSet, to new: RuleSet) -> [String] {
        var diff = RuleDiff()
        diff.compare(old, new)
        return diff.sentences
    }

    private(set) var sentences: [String] = []

    mutating func say(_ sentence: String) { sentences.append(sentence) }

    /// `WHAT NEW instead of OLD`, if they differ.
    mutating func changed<Value: Equatable>(
        _ what: String, _ old: Value, _ new: Value, _ words: (Value) -> String = { "\($0)" }
    ) {
        guard old != new else { return }
        say("\(what) \(words(new)) instead of \(words(old))")
    }

    /// Channels whose value differs.
    mutating func changed(_ what: (Channel) -> String, _ old: PerChannel<Milliseconds>, _ new: PerChannel<Milliseconds>)
    {
        for channel in Channel.allCases where old[channel] != new[channel] {
            // Social follows chat and so on: what follows is not said again.
            let family = channel.family
            if family != channel, old[family] != new[family], old[channel] == old[family], new[channel] == new[family] {
                continue
            }
            changed(what(channel), old[channel], new[channel], Words.time)
        }
    }

    private mutating func compare(_ old: RuleSet, _ new: RuleSet) {
        changed("routing: the mode is", old.routingMode, new.routingMode, \.rawValue)
        queues(old, new)
        list("route", old.routes, new.routes) { "\(Words.condition($0.condition)) to \($0.queue)" }
        points(old.points, new.points)
        weights(old.weights, new.weights)
        changed("breaks: the mode is", old.breaksMode, new.breaksMode, \.rawValue)
        breaks("breaks", old.breaks, new.breaks)
        list("floor", old.floors, new.floors, Words.floor)
        teams(old, new)
        offers(old.offers, new.offers)
        safety(old, new)
        playbooks(old.playbooks, new.playbooks)
    }

    /// What came, what went, what moved, each with its place.
    private mutating func list<Value: Hashable>(
        _ what: String, _ old: [Value], _ new: [Value], _ words: (Value) -> String
    ) {
        guard old != new else { return }
        if old.count == new.count, Set(old) == Set(new) {
            return say("\(what)s: the same ones in another order, \(new.map(words).joined(separator: "; "))")
        }
        let difference = new.difference(from: old)
        for case .remove(let place, let value, _) in difference.removals {
            say("\(what): the \(Words.ordinal(place)) is gone, \(words(value))")
        }
        for case .insert(let place, let value, _) in difference.insertions {
            say("\(what): the \(Words.ordinal(place)) is new, \(words(value))")
        }
    }

    private mutating func points(_ old: PointRules, _ new: PointRules) {
        let gives = "minutes of head start:"
        changed("points: hard urgency, \(gives)", old.hardUrgency, new.hardUrgency)
        changed("points: strong distress, \(gives)", old.strongDistress, new.strongDistress)
        changed("points: family in need, \(gives)", old.familyInNeed, new.familyInNeed)
        changed("points: bad experiences, \(gives)", old.badExperiences, new.badExperiences)
        list("points of your own", old.own, new.own) {
            "\(Words.condition($0.condition)) gives \($0.points) minutes of head start"
        }
    }

    private mutating func weights(_ old: CostWeights, _ new: CostWeights) {
        changed("weights: load counts", old.load, new.load)
        changed("weights: stress counts", old.stress, new.stress)
        changed("weights: share counts", old.share, new.share)
        changed("weights: over_skill counts", old.overSkill, new.overSkill)
        changed("weights: idle counts", old.idle, new.idle)
        changed("weights: sticky counts", old.sticky, new.sticky)
        changed("weights: prefer counts", old.prefer, new.prefer)
        changed("weights: language counts", old.language, new.language)
    }

    private mutating func offers(_ old: OfferRules, _ new: OfferRules) {
        changed({ "offers: one by \($0.rawValue) stands" }, old.timeout, new.timeout)
        changed({ "offers: after a decline by \($0.rawValue) the pair is kept apart" }, old.hold, new.hold)
        changed({ "offers: a silent assignment by \($0.rawValue) ends after" }, old.maxIdle, new.maxIdle)
        changed("offers: unanswered ones that set an agent away:", old.strikes, new.strikes)
    }

    private mutating func safety(_ old: RuleSet, _ new: RuleSet) {
        switch (old.safetyProtocol, new.safetyProtocol) {
        case (nil, let text?): say("safety: a protocol is new, checked on \(text.checkedOn)")
        case (_?, nil): say("safety: the protocol is gone")
        case (let before?, let after?):
            if before.text != after.text { say("safety: the protocol has another text") }
            changed("safety: the protocol was checked on", before.checkedOn, after.checkedOn)
        case (nil, nil): break
        }
        changed("safety: is told to", old.safetyEscalation, new.safetyEscalation) { $0.joined(separator: ", then ") }
        changed("safety: each has", old.safetyRound, new.safetyRound, Words.time)
    }

    private mutating func playbooks(_ old: [Playbook], _ new: [Playbook]) {
        for book in old where !new.contains(where: { $0.topic == book.topic }) {
            say("playbook \(book.topic): is gone")
        }
        for book in new {
            guard let before = old.first(where: { $0.topic == book.topic }) else {
                say("playbook \(book.topic): is new, and drops \(Words.skills(book.drop))")
                continue
            }
            if before.text != book.text { say("playbook \(book.topic): the agents read another text") }
            if before.announcement != book.announcement {
                say("playbook \(book.topic): the customers read another announcement")
            }
            changed("playbook \(book.topic): drops", before.drop, book.drop, Words.skills)
        }
    }
}
