extension Reading {
    /// Whom a rough word meets.
    private enum Aim { case agent, other, none }

    /// Tells abuse from emphasis: a target must be bound to the word.
    func findAbuse() {
        guard present.meets([.threat, .sexual, .insult, .slur, .swear]) else { return }
        let isFriendly = isFriendlyBanter
        for index in hits.indices where !hits[index].isCancelled {
            let roles = hits[index].roles
            if roles.meets(.threat) {
                if isReported(index) || isPoliteWaiting(index) { continue }
                abuse.threat = 900
                continue
            }
            if roles.meets(.sexual) {
                if !isReported(index) { note(.sexual, isAimed: true, index) }
                continue
            }
            guard roles.meets([.insult, .slur, .swear]) else { continue }
            if isFriendly {
                hits[index].weights = .zero
                hits[index].rules.insert(.humour)
                continue
            }
            switch roles.meets(.swear) ? aimOfSwearing(index) : aim(of: index) {
            case .agent: note(roles.meets(.slur) ? .slur : .insult, isAimed: true, index)
            case .other: note(roles.meets(.slur) ? .slur : .insult, isAimed: false, index)
            case .none: hits[index].rules.insert(.swearing)
            }
        }
    }

    /// "hihintayin kita sa gate, kuya": who waits and is polite about it does not threaten.
    private func isPoliteWaiting(_ index: Int) -> Bool {
        let isPolite = present.meets([.thanks, .request]) || tokens.contains { $0.roles.meets([.polite, .honorific]) }
        guard isPolite else { return false }
        return (Int(hits[index].first)..<Int(hits[index].end)).contains { tokens[$0].roles.meets(.stalk) }
    }

    private func note(_ kind: AbuseFinding.Kind, isAimed: Bool, _ index: Int) {
        guard isOn(.aimed) else { return }
        hits[index].rules.insert(.aimed)
        let isGraver = abuse.kind.map { isAimed && !abuse.isAimed || kind.rawValue > $0.rawValue } ?? true
        guard isGraver, isAimed || !abuse.isAimed else { return }
        abuse.kind = kind
        abuse.isAimed = isAimed
        if isAimed { abuse.score = 850 }
    }

    /// A laugh and warmth around rough words: friends.
    private var isFriendlyBanter: Bool {
        guard isOn(.humour), hits.contains(where: { $0.roles.meets(.humour) }) else { return false }
        var positive: Int32 = 0
        var negative: Int32 = 0
        for hit in hits where !hit.isCancelled && !hit.roles.meets([.insult, .slur, .swear]) {
            positive += hit.weights[.positive]
            negative += hit.weights[.negative]
        }
        return positive >= 300 && negative * 2 < positive
    }

    /// Somebody else's words: in quotation marks, or behind "sinabihan ako", "called me".
    private func isReported(_ index: Int) -> Bool {
        guard isOn(.reported) else { return false }
        let first = Int(hits[index].first)
        if tokens[first].flags.contains(.quoted) { return true }
        for other in hits.indices where hits[other].roles.meets(.quote) && other != index {
            let distance = first - Int(hits[other].end)
            let isBefore = distance >= 0 && distance <= 14
            let isBehind =
                Int(hits[other].first) >= Int(hits[index].end)
                && Int(hits[other].first) <= Int(hits[index].end) + 3
            if isBefore || isBehind { return true }
        }
        return false
    }

    private func aimOfSwearing(_ index: Int) -> Aim {
        let end = Int(hits[index].end)
        guard end < tokens.count, tokens[end].roles.meets(.you), tokens[end].clause == tokens[end - 1].clause else {
            return .none
        }
        return isReported(index) ? .none : .agent
    }

    private func aim(of index: Int) -> Aim {
        let first = Int(hits[index].first)
        let last = Int(hits[index].end) - 1
        if isReported(index) || isOfOneself(first, last) { return .none }
        if hits[index].roles.meets(.you) { return .agent }
        if hits[index].roles.meets(.mild) { return isYouBeside(first, last) ? .agent : .none }
        if let next = content(after: last) {
            let token = tokens[next]
            if token.roles.meets(.thing) { return .none }
            if token.roles.meets(.you) { return .agent }
            if token.roles.meets([.staff, .third]) { return isYouBehind(next) ? .agent : .other }
            if token.roles.meets(.article) { return aimBehindArticle(next) }
            if let second = content(after: next), tokens[second].roles.meets(.you), !token.roles.meets(.my) {
                return tokens[last].flags.contains(.linked) ? .none : .agent
            }
        }
        if isYouBefore(first) { return .agent }
        if isThirdBefore(first) { return .other }
        return isVocative(first, last) ? .agent : .none
    }

    /// "inutil yung guard" means the guard, "bobo ng app" a thing.
    private func aimBehindArticle(_ article: Int) -> Aim {
        for next in article + 1..<max(article + 1, min(tokens.count, article + 4)) {
            guard tokens[next].clause == tokens[article].clause else { break }
            if tokens[next].roles.meets(.thing) { return .none }
            if tokens[next].roles.meets([.staff, .kin, .third]) { return .other }
        }
        return .none
    }

    /// "pangit ka", "kayong mga manloloko", "you are useless": nothing but small words between.
    private func isYouBeside(_ first: Int, _ last: Int) -> Bool {
        if let next = content(after: last), tokens[next].roles.meets(.you), !tokens[next].roles.meets(.genitive) {
            return true
        }
        guard let before = content(before: first) else { return false }
        let start = lexicon.pluralMarks.contains(tokens[before].word) ? content(before: before) : before
        guard let start, tokens[start].roles.meets(.you), !tokens[start].roles.meets(.genitive) else { return false }
        return last + 1 >= tokens.count || tokens[last + 1].clause != tokens[last].clause
            || tokens[last].flags.contains(.pauses) || content(after: last) == nil
    }

    private func isYouBehind(_ index: Int) -> Bool {
        guard let next = content(after: index) else { return false }
        return tokens[next].roles.meets(.you) && !tokens[next].roles.meets(.my)
    }

    /// "ikaw ang bobo", "kayong mga inutil", "you are such an idiot".
    private func isYouBefore(_ first: Int) -> Bool {
        var index = first - 1
        var words = 0
        while index >= 0, tokens[index].clause == tokens[first].clause, words < 4 {
            let token = tokens[index]
            if token.flags.contains(.pauses) { return false }
            if token.roles.meets([.thing, .staff, .third, .me, .contrast]) { return false }
            if token.roles.meets(.you) { return true }
            if !token.roles.meets([.particle, .intensifier, .swear]) { words += 1 }
            index -= 1
        }
        return false
    }

    private func isThirdBefore(_ first: Int) -> Bool {
        for index in max(0, first - 4)..<first where tokens[index].clause == tokens[first].clause {
            if tokens[index].roles.meets([.staff, .third]) { return true }
        }
        return false
    }

    /// "ang tanga ko", "i'm such an idiot".
    private func isOfOneself(_ first: Int, _ last: Int) -> Bool {
        if let next = content(after: last), tokens[next].roles.meets(.me), !tokens[next].roles.meets(.you) {
            return true
        }
        var index = first - 1
        while index >= 0, index >= first - 4, tokens[index].clause == tokens[first].clause {
            if tokens[index].roles.meets(.you) { return false }
            if tokens[index].roles.meets(.me) { return true }
            index -= 1
        }
        return false
    }

    /// "mga inutil", "Bobo!": called out, with "you" somewhere in the message or nothing else in it.
    private func isVocative(_ first: Int, _ last: Int) -> Bool {
        let clause = tokens[first].clause
        let opens = first == 0 || tokens[first - 1].clause != clause || tokens[first - 1].flags.contains(.pauses)
        let closes = last + 1 >= tokens.count || tokens[last + 1].clause != clause
        let isPlural = first > 0 && lexicon.pluralMarks.contains(tokens[first - 1].word)
        if opens && closes { return true }
        guard closes || isPlural || tokens[last].flags.contains(.pauses) else { return false }
        guard isPlural || (closes && opens) else { return false }
        return tokens.contains { $0.roles.meets(.you) }
    }

    /// Somebody else's anger or praise that is only told.
    func applyReported() {
        guard isOn(.reported) else { return }
        for index in hits.indices where tokens[Int(hits[index].first)].flags.contains(.quoted) {
            guard entry(hits[index]).safety == nil, hits[index].weights[.family] == 0 else { continue }
            hits[index].weights = hits[index].weights.scaled(500)
            hits[index].rules.insert(.reported)
        }
    }
}
