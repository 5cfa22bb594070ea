extension Reading {
    /// Takes family away from kin words that only address somebody: "kuya rider", "mommy seller", "ate".
    ///
    /// An honorific is family when it is possessed ("ate ko", "my lola"); one that is also a plain kin word
    /// ("nanay", "baby") already when it is spoken of ("si nanay", "ng lola").
    func applyHonorifics() {
        guard isOn(.honorific) else { return }
        guard present.meets(.honorific) else { return }
        for index in hits.indices {
            let roles = hits[index].roles
            guard roles.meets(.honorific), hits[index].weights[.family] > 0 else { continue }
            if isOwn(hits[index], spokenOf: roles.meets(.kin)) { continue }
            hits[index].weights[.family] = 0
            hits[index].rules.insert(.honorific)
        }
    }

    private func isOwn(_ hit: Hit, spokenOf: Bool) -> Bool {
        let last = Int(hit.end) - 1
        let first = Int(hit.first)
        if isStaffNear(last) { return false }
        if let after = content(after: last), tokens[after].roles.meets(.my), isTagalog(tokens[after]) { return true }
        if spokenOf, let after = content(after: last), tokens[after].roles.meets(.third), isTagalog(tokens[after]) {
            return true
        }
        guard first > 0, tokens[first - 1].clause == tokens[first].clause else { return false }
        let before = tokens[first - 1]
        if before.roles.meets(.my), !isTagalogEnclitic(before) { return true }
        if first > 1, tokens[first - 2].roles.meets(.my), !isTagalogEnclitic(tokens[first - 2]),
            !before.roles.meets([.article, .you]), tokens[first - 2].clause == tokens[first].clause
        {
            return true
        }
        return spokenOf && before.roles.meets([.person, .article])
    }

    /// `kuya rider`, `ate sa counter`: somebody at work.
    private func isStaffNear(_ index: Int) -> Bool {
        for next in index + 1..<max(index + 1, min(tokens.count, index + 3)) {
            if tokens[next].clause != tokens[index].clause { return false }
            if tokens[next].roles.meets(.staff) { return true }
        }
        return false
    }

    private func isTagalog(_ token: Token) -> Bool { token.languages.contains(.tagalog) }

    /// `ko`, `namin` possess what stands before them, `my`, `aming` what stands behind.
    private func isTagalogEnclitic(_ token: Token) -> Bool {
        isTagalog(token) && token.roles.meets(.me)
    }

    /// "si Grace", "Joy Reyes": a word that is also a name says nothing about feelings where it names somebody.
    func applyNames() {
        guard isOn(.honorific), present.meets(.blind) else { return }
        for index in hits.indices where hits[index].roles.meets(.blind) && !hits[index].weights.isZero {
            let first = Int(hits[index].first)
            let end = Int(hits[index].end)
            let isMarked = first > 0 && tokens[first - 1].roles.meets([.person, .honorific])
            let isNamed = end < tokens.count && tokens[end].roles.meets(.blind)
            guard isMarked || isNamed else { continue }
            hits[index].weights = .zero
            hits[index].rules.insert(.honorific)
        }
    }
}
