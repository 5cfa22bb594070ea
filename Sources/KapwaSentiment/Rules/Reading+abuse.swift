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
            case .none where isOn(.swearing): hits[index].rules.insert(.swearing)
            case .none: note(roles.meets(.slur) ? .slur : .insult, isAimed: true, index)
            }
        }
    }

    /// "hihintayin kita sa gate, kuya": who waits and is polite about it does not threaten.
    private func isPoliteWaiting(_ index: Int) -> Bool {
        let isPolite = present.meets([.thanks, .request]) || said.meets([.polite, .honorific])
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

    /// Somebody else's words: in quotation marks, or beside "sinabihan ako", "called me".
    private func isReported(_ index: Int) -> Bool {
        guard isOn(.reported) else { return false }
        if tokens[Int(hits[index].first)].flags.contains(.quoted) || isTold(before: index) { return true }
        let end = Int(hits[index].end)
        return present.meets(.quote)
            && hits[near(index, words: 3)].contains {
                $0.roles.meets(.quote) && Int($0.first) >= end && Int($0.first) <= end + 3
            }
    }

    /// "sinabihan ako ng teller na …", "he called me …".
    private func isTold(before index: Int) -> Bool {
        guard isOn(.reported), present.meets(.quote) else { return false }
        let first = Int(hits[index].first)
        return near(index, words: 14).contains {
            guard $0 != index, hits[$0].roles.meets(.quote) else { return false }
            let distance = first - Int(hits[$0].end)
            return distance >= 0 && distance <= 14
        }
    }

    /// A curse needs its target right behind it; a swear word that also names somebody is read as an insult too.
    private func aimOfSwearing(_ index: Int) -> Aim {
        let last = Int(hits[index].end) - 1
        guard last + 1 < tokens.count, tokens[last + 1].clause == tokens[last].clause else {
            return hits[index].roles.meets(.insult) ? aim(of: index) : .none
        }
        if tokens[last + 1].roles.meets(.you) || isPlainYou(behind: last) {
            return isReported(index) ? .none : .agent
        }
        return hits[index].roles.meets(.insult) ? aim(of: index) : .none
    }

    /// "leche naman kayo": particles between, and the "you" possesses nothing.
    private func isPlainYou(behind last: Int) -> Bool {
        guard let next = content(after: last) else { return false }
        return tokens[next].roles.meets(.you) && !tokens[next].roles.meets([.genitive, .article])
    }

    private func aim(of index: Int) -> Aim {
        let first = Int(hits[index].first)
        let last = Int(hits[index].end) - 1
        if isTold(before: index) || tokens[first].flags.contains(.quoted) { return .none }
        let isOfThird = isThirdBehind(last)
        if isReported(index) && !isOfThird { return .none }
        if hits[index].roles.meets(.you) || tokens[last].roles.meets(.you) { return .agent }
        if isNegated(first) { return .none }
        if hits[index].roles.meets(.mild) {
            if isYouBeside(first, last) { return .agent }
            return isOfThird && !hits[index].roles.meets(.blind) && isStaffBehind(last) ? .other : .none
        }
        return bareAim(first, last, isOfThird: isOfThird)
    }

    /// Of an insult that is nothing else.
    private func bareAim(_ first: Int, _ last: Int, isOfThird: Bool) -> Aim {
        if let next = content(after: last) {
            let token = tokens[next]
            if token.roles.meets(.thing) { return .none }
            if token.roles.meets(.you) { return .agent }
            if isOfOneself(first, last) { return .none }
            if token.roles.meets([.staff, .third]) {
                return isYouBehind(next) || (next == last + 1 && isCalled(first, next)) ? .agent : .other
            }
            if token.roles.meets(.article) { return isOfThird ? .other : .none }
            if let second = content(after: next), tokens[second].roles.meets(.you), !token.roles.meets(.my) {
                return tokens[last].flags.contains(.linked) ? .none : .agent
            }
        }
        if isOfOneself(first, last) { return .none }
        if isYouBefore(first) { return .agent }
        if isThirdBefore(first) { return .other }
        if isVocative(first, last) { return .agent }
        return isOfThird ? .other : .none
    }

    /// "stupid agent, transfer me": staff called by an insult, at the beginning and with a pause behind.
    private func isCalled(_ first: Int, _ staff: Int) -> Bool {
        let opens = first == 0 || tokens[first - 1].clause != tokens[first].clause
        return opens && (closes(staff) || tokens[staff].flags.contains(.pauses))
    }

    /// "inutil yung guard" and "tanga nung driver nyo" mean somebody else, "bobo ng app" a thing.
    private func isThirdBehind(_ last: Int) -> Bool {
        for next in last + 1..<max(last + 1, min(tokens.count, last + 5)) {
            guard tokens[next].clause == tokens[last].clause, !tokens[next - 1].flags.contains(.pauses) else { break }
            let isCompound =
                next + 1 < tokens.count && tokens[next + 1].clause == tokens[last].clause
                && tokens[next + 1].roles.meets(.staff)
            if tokens[next].roles.meets(.thing), !isCompound { return false }
            if tokens[next].roles.meets([.me, .you]) { return false }
            if tokens[next].roles.meets([.staff, .kin, .third, .person]) { return true }
        }
        return false
    }

    private func isStaffBehind(_ last: Int) -> Bool {
        tokens[(last + 1)..<min(tokens.count, last + 5)].contains {
            $0.clause == tokens[last].clause && $0.roles.meets(.staff)
        }
    }

    /// "hindi ka naman bobo", "you are not stupid".
    private func isNegated(_ first: Int) -> Bool {
        var index = first - 1
        while index >= 0, index >= first - 4, tokens[index].clause == tokens[first].clause {
            let roles = tokens[index].roles
            if roles.meets(.negator), !roles.meets(.particle) { return true }
            guard roles.meets([.particle, .you, .article, .intensifier]) else { return false }
            index -= 1
        }
        return false
    }

    /// "pangit ka", "ang bastos nyo", "kayong mga manloloko", "you people are useless": nothing but small words
    /// between, and nothing that the word could belong to instead.
    private func isYouBeside(_ first: Int, _ last: Int) -> Bool {
        let isEnglish = tokens[last].languages == .english
        if let next = content(after: last), tokens[next].roles.meets(.you),
            !isEnglish || tokens[next].languages != .english
        {
            if !tokens[next].roles.meets(.genitive) { return true }
            if next == last + 1, closes(next) || tokens[next].flags.contains(.pauses) { return true }
        }
        guard let start = youBefore(first), !tokens[start].roles.meets(.genitive) else { return false }
        if closes(last) || tokens[last].flags.contains(.pauses) { return true }
        guard let next = content(after: last) else { return true }
        if tokens[next].roles.meets([.staff, .insult]) { return true }
        // "youre so dumb its unreal": English says it of "you" whatever follows, unless a noun does.
        return isEnglish && tokens[next].roles.meets([.third, .me, .negator, .contrast, .you])
    }

    /// The "you" that a word is said of: only small words and "all", "people", "such a" between.
    private func youBefore(_ first: Int) -> Int? {
        var index = first - 1
        while index >= 0, index >= first - 6, tokens[index].clause == tokens[first].clause {
            let token = tokens[index]
            if token.flags.contains(.pauses) { return nil }
            if token.roles.meets(.you) { return index }
            let isSmall = token.roles.meets([.particle, .intensifier, .article, .swear, .insult])
            guard isSmall || lexicon.pluralMarks.contains(token.word) else { return nil }
            index -= 1
        }
        return nil
    }

    private func isYouBehind(_ index: Int) -> Bool {
        guard let next = content(after: index) else { return false }
        return tokens[next].roles.meets(.you) && !tokens[next].roles.meets([.my, .genitive])
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
            return !tokens[last].flags.contains(.pauses)
        }
        var index = first - 1
        while index >= 0, index >= first - 4, tokens[index].clause == tokens[first].clause {
            if tokens[index].roles.meets(.you) || tokens[index].flags.contains(.pauses) { return false }
            // "pera ko, gago": who owns the word before is not who is called so.
            if tokens[index].roles.meets(.me) { return !(tokens[index].roles.meets(.my) && index + 1 == first) }
            index -= 1
        }
        return false
    }

    /// "mga inutil", "Bobo!", "ibalik mo pera ko gago": called out, with "you" somewhere in the message or nothing
    /// else beside it.
    private func isVocative(_ first: Int, _ last: Int) -> Bool {
        let clause = tokens[first].clause
        let ends = closes(last)
        let stops = ends || tokens[last].flags.contains(.pauses)
        let starts = opens(first)
        if starts && ends { return true }
        guard stops else { return false }
        let isPlural =
            lexicon.pluralMarks.contains(tokens[first].word)
            || (first > 0 && lexicon.pluralMarks.contains(tokens[first - 1].word))
        if isPlural { return said.meets(.you) }
        if starts {
            // "gago, totoo ba to? 80k bill ko": dismay at what happened to oneself calls nobody.
            let isOwn = tokens[(last + 1)...].contains { $0.roles.meets(.me) }
            return !isOwn || said.meets(.you)
        }
        guard ends, !tokens[first - 1].roles.meets([.article, .negator, .intensifier]) else { return false }
        return tokens[..<first].contains { $0.clause == clause && $0.roles.meets(.you) }
    }

    /// Whether nothing but small words stands before in the clause, or since a pause.
    private func opens(_ first: Int) -> Bool {
        var index = first - 1
        while index >= 0, tokens[index].clause == tokens[first].clause, !tokens[index].flags.contains(.pauses) {
            let isSmall = tokens[index].roles.meets([.particle, .article, .honorific, .polite, .intensifier, .question])
            guard isSmall || lexicon.pluralMarks.contains(tokens[index].word) else { return false }
            index -= 1
        }
        return true
    }

    /// Whether nothing but small words, manners and emoji follow in the clause.
    private func closes(_ last: Int) -> Bool {
        var index = last + 1
        while index < tokens.count, tokens[index].clause == tokens[last].clause {
            let token = tokens[index]
            let isSmall = token.roles.meets([.polite, .honorific]) || token.flags.contains(.emoji)
            guard isSmall || (token.roles.meets(.particle) && !token.roles.meets(.article)) else { return false }
            index += 1
        }
        return true
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
