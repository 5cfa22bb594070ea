internal import KapwaDomain

extension Reading {
    /// Takes back alerts that a phrase of hyperbole, or about a device, an account or a song, covers.
    func applyHarmless() {
        guard isOn(.harmless) else { return }
        cancelThings()
        guard present.meets([.harmless, .over]) else { return }
        applyOver()
        for index in hits.indices where hits[index].roles.meets(.harmless) {
            for other in near(index, words: 0)
            where other != index && (entry(hits[other]).isAlert || isDeathOfThing(other)) {
                let overlaps = hits[other].first < hits[index].end && hits[index].first < hits[other].end
                guard overlaps, !hits[other].roles.meets(.harmless) else { continue }
                hits[other].isCancelled = true
                hits[other].rules.insert(.harmless)
            }
        }
    }

    /// "namatay yung phone", "patay na ang modem": words of dying with nobody beside them who could die.
    private func isDeathOfThing(_ index: Int) -> Bool {
        guard hits[index].weights[.distress] > 0 else { return false }
        let span = Int(hits[index].first)..<Int(hits[index].end)
        guard tokens[span].contains(where: { $0.roles.meets(.dies) }) else { return false }
        let beside = tokens[span.lowerBound..<min(tokens.count, span.upperBound + 3)]
        return !beside.contains {
            $0.clause == tokens[span.lowerBound].clause && $0.roles.meets([.kin, .child, .person, .third])
        }
    }

    /// What happens to a thing is no emergency: "natumba yung box", "hindi makahinga ang wallet ko".
    private func cancelThings() {
        for index in hits.indices {
            guard let safety = entry(hits[index]).safety, safety.kind == .medical || safety.kind == .child else {
                continue
            }
            let first = Int(hits[index].first)
            var meetsThing = false
            var meetsPerson = false
            var last = min(tokens.count, Int(hits[index].end) + 1)
            if last < tokens.count, tokens[last - 1].roles.meets(.article) { last += 1 }
            for token in tokens[first..<last] where token.clause == tokens[first].clause {
                if token.roles.meets(.thing) { meetsThing = true }
                if token.roles.meets([.kin, .child, .person]) { meetsPerson = true }
            }
            guard meetsThing, !meetsPerson else { continue }
            hits[index].isCancelled = true
            hits[index].rules.insert(.harmless)
        }
    }

    /// "Okay na sya": what went before is told, not happening.
    private func applyOver() {
        guard let over = hits.lastIndex(where: { $0.roles.meets(.over) }) else { return }
        for index in 0..<over {
            guard let safety = entry(hits[index]).safety, safety.kind == .medical || safety.kind == .child else {
                continue
            }
            hits[index].isCancelled = true
            hits[index].rules.insert(.harmless)
        }
    }

    /// Beside a laugh, in quotation marks, in a story or of long ago an alarm is only possible: somebody should look,
    /// nobody is called at once.
    func applyDoubt() {
        guard isOn(.harmless) else { return }
        if present.meets(.doubt) {
            for hit in hits where hit.roles.meets(.doubt) && !hit.isCancelled {
                clauses[Int(tokens[Int(hit.first)].clause)].isDoubted = true
            }
        }
        // Where "biro lang po yung kanina" stands last.
        let takenBack = hits.last { $0.roles.meets(.over) && $0.roles.meets(.humour) }?.first ?? -1
        for index in hits.indices where entry(hits[index]).safety?.level == .explicit && !hits[index].isCancelled {
            let first = tokens[Int(hits[index].first)]
            // Who wants to die may laugh while saying so.
            let laughs = present.meets(.humour) && entry(hits[index]).safety?.kind != .selfHarm
            let isQuoted = first.flags.contains(.quoted)
            guard laughs || isQuoted || clauses[Int(first.clause)].isDoubted || takenBack >= hits[index].end
            else { continue }
            hits[index].rules.insert(isQuoted ? .reported : laughs ? .humour : .resolved)
            hits[index].weights = hits[index].weights.scaled(500)
        }
    }

    /// The level of a flag after the rules: a doubted one is no more than possible.
    func level(of hit: Hit) -> SafetyFlag.Level? {
        guard let level = entry(hit).safety?.level else { return nil }
        let isDoubted = !hit.rules.isDisjoint(with: [.reported, .humour, .resolved])
        return isDoubted ? .possible : level
    }

    /// Small words of despair count as a sign only beside loss or despair, and not beside a laugh.
    func applyDespair() {
        guard isOn(.despair) else { return }
        guard present.meets(.despair) else { return }
        let laughs = hits.contains { $0.roles.meets(.humour) }
        var total: Int32 = 0
        for hit in hits where !hit.isCancelled { total += hit.weights[.distress] }
        for index in hits.indices where hits[index].roles.meets(.despair) && !hits[index].isCancelled {
            let own = hits[index].weights[.distress]
            guard total - own < 300 || laughs else { continue }
            total -= own
            hits[index].isCancelled = true
            hits[index].rules.insert(.despair)
        }
    }
}
