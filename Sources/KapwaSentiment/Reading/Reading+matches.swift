internal import KapwaDomain

extension Reading {
    /// Words that a phrase may step over, and nodes that one search may visit: bounds the work per word.
    private static let skipsMax = 3
    private static let visitsMax = 96

    /// Words that one match can cover.
    static let matchWordsMax = Limits.phraseWordsMax + skipsMax

    private struct Search {
        var best: Int32 = -1
        var end = 0
        var visits = 0
    }

    /// Finds all matches, in the order of their first words.
    func match() {
        matchAlerts()
        let alerts = hits.count
        matchFeelings()
        guard alerts > 0 else { return }
        merged.removeAll()
        var alert = 0
        var feeling = alerts
        while alert < alerts || feeling < hits.count {
            if feeling >= hits.count || (alert < alerts && hits[alert].first <= hits[feeling].first) {
                merged.append(hits[alert])
                alert += 1
            } else {
                merged.append(hits[feeling])
                feeling += 1
            }
        }
        swap(&hits, &merged)
    }

    /// Looks for alert phrases at every word; they may overlap.
    private func matchAlerts() {
        let starters = tables.alerts.nodes[0].roles
        for index in tokens.indices {
            let (word, root) = (tokens[index].alert, tokens[index].alertRoot)
            if !word.exists && !root.exists && tokens[index].roles.rawValue & starters == 0 { continue }
            let search = search(tables.alerts, word, root, index)
            matchSteps += search.visits
            if search.best >= 0 { add(search.best, index, search.end) }
        }
    }

    /// Looks for rated phrases from left to right; the longest covers its words.
    private func matchFeelings() {
        let starters = tables.feelings.nodes[0].roles
        var index = 0
        while index < tokens.count {
            let (word, root) = (tokens[index].feeling, tokens[index].feelingRoot)
            var found = Search()
            if word.exists || root.exists || tokens[index].roles.rawValue & starters != 0 {
                found = search(tables.feelings, word, root, index)
                matchSteps += found.visits
            }
            guard found.best >= 0 else {
                index += 1
                continue
            }
            add(found.best, index, found.end)
            if found.end - index > 1 {
                for covered in index..<found.end { tokens[covered].flags.insert(.covered) }
            }
            index = found.end
        }
    }

    private func add(_ entry: Int32, _ first: Int, _ end: Int) {
        let roles = tables.entries[entry].roles
        present.formUnion(roles)
        hits.append(
            Hit(
                entry: entry, first: Int32(first), end: Int32(end), weights: tables.entries[entry].weights,
                roles: roles, rules: tables.entries[entry].isOverlay ? .overlay : []))
    }

    /// The first step of each phrase is looked up once, when the lexicon is loaded; by role it is taken here.
    private func search(
        _ phrases: Tables.Phrases, _ word: PhraseStart, _ root: PhraseStart, _ index: Int
    ) -> Search {
        var search = Search()
        begin(phrases, word, index, &search)
        begin(phrases, root, index, &search)
        var roles = phrases.nodes[PhraseTrie.start].roles & tokens[index].roles.rawValue
        while roles != 0 {
            let bit = roles.trailingZeroBitCount
            roles &= roles - 1
            walk(phrases, phrases.starters[bit], index, index + 1, Self.skipsMax, &search)
        }
        return search
    }

    /// Whether the next word may lead on: of most words that begin phrases it does not, which is seen at once.
    @inline(__always)
    private func goesOn(_ phrases: Tables.Phrases, _ node: Int32, _ index: Int) -> Bool {
        let next = index &+ 1
        guard next < tokens.count, tokens[next].clause == tokens[index].clause else { return false }
        let (filter, roles) = (phrases.nodes[node].filter, phrases.nodes[node].roles | Roles.particle.rawValue)
        return tokens[next].roles.rawValue & roles != 0 || filter & tokens[next].steps != 0
            || phrases.nodes[node].takesAny
    }

    @inline(__always)
    private func begin(_ phrases: Tables.Phrases, _ start: PhraseStart, _ index: Int, _ search: inout Search) {
        if start.node >= 0 {
            if goesOn(phrases, start.node, index) {
                return walk(phrases, start.node, index, index + 1, Self.skipsMax, &search)
            }
            search.visits += 1
            let entry = phrases.nodes[start.node].entry
            if entry >= 0, index + 1 > search.end {
                search.best = entry
                search.end = index + 1
            }
        } else if start.entry >= 0, index + 1 > search.end {
            search.best = start.entry
            search.end = index + 1
        }
    }

    /// Depth first, the most literal step first; keeps the longest phrase found.
    private func walk(
        _ phrases: Tables.Phrases, _ node: Int32, _ start: Int, _ index: Int, _ skips: Int, _ search: inout Search,
        isSkip: Bool = false
    ) {
        search.visits += 1
        let here = phrases.nodes[node]
        if here.entry >= 0 && !isSkip && index > search.end {
            search.best = here.entry
            search.end = index
        }
        guard here.hasEdges, index < tokens.count, search.visits < Self.visitsMax else { return }
        guard tokens[index].clause == tokens[start].clause else { return }
        let (word, root) = (tokens[index].word, tokens[index].root)
        if word >= 0 { step(phrases, here, node, PhraseTrie.word(word), start, index, skips, &search) }
        if root >= 0 { step(phrases, here, node, PhraseTrie.root(root), start, index, skips, &search) }
        var roles = here.roles & tokens[index].roles.rawValue
        while roles != 0 {
            let bit = roles.trailingZeroBitCount
            roles &= roles - 1
            let next = phrases.next(node, PhraseTrie.role(bit))
            if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
        }
        if here.takesAny {
            let next = phrases.next(node, PhraseTrie.any)
            if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
        }
        if skips > 0, tokens[index].roles.meets(.particle) {
            walk(phrases, node, start, index + 1, skips - 1, &search, isSkip: true)
        }
    }

    @inline(__always)
    private func step(
        _ phrases: Tables.Phrases, _ here: Tables.Phrases.Node, _ node: Int32, _ step: UInt32, _ start: Int,
        _ index: Int, _ skips: Int, _ search: inout Search
    ) {
        guard here.filter >> UInt64(Tables.Phrases.bit(step)) & 1 != 0 else { return }
        let next = phrases.next(node, step)
        if next >= 0 { walk(phrases, next, start, index + 1, skips, &search) }
    }
}
