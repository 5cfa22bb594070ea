extension Reading {
    /// From here on a row is strong by itself.
    static let strongAlone: Int32 = 650

    /// Adds what is left of the matches.
    mutating func addUp() {
        for index in hits.indices where !hits[index].isCancelled {
            let weights = hits[index].weights
            if weights.isZero { continue }
            let entry = entry(hits[index])
            sums.weights += weights
            let isBitter = hits[index].rules.contains(.sarcasm)
            let isStrong = entry.roles.meets(.anger) || isBitter || entry.weights[.frustration] >= Self.strongAlone
            if isStrong { sums.strongFrustration += max(0, weights[.frustration]) }
            if entry.roles.meets(.waiting), weights[.frustration] > 0 { sums.lasts = true }
            if entry.reason != nil { sums.hardUrgency += max(0, weights[.urgency]) }
        }
    }

    /// Adds the fitted adjustments, each at most once.
    mutating func addFitted() {
        guard tables.fitted.count > 0, !tokens.isEmpty else { return }
        addSignals()
        let numberWord = lexicon.numberWord
        let hasTriples = tables.fitted.hasTriples
        var previous: Vocabulary.ID = -1
        var beforePrevious: Vocabulary.ID = -1
        var previousIndex = 0
        var beforeIndex = 0
        for index in tokens.indices {
            let token = tokens[index]
            if token.roles.meets(.polite) { continue }
            if token.flags.contains(.denied) || token.roles.meets(.unfitted) {
                previous = -1
                beforePrevious = -1
                continue
            }
            let word = token.flags.contains(.number) ? numberWord : token.word
            if word >= 0 {
                add(fitted: tables.words[word].fitted, index, index + 1)
                if previous >= 0 {
                    add(fitted: tables.fitted.group(previous, word), previousIndex, index + 1)
                    if hasTriples, beforePrevious >= 0 {
                        let triple = tables.fitted.group(beforePrevious, previous, word)
                        add(fitted: triple, beforeIndex, index + 1)
                    }
                }
            }
            if token.root >= 0 { add(fitted: tables.words[token.root].fittedRoot, index, index + 1) }
            beforePrevious = previous
            beforeIndex = previousIndex
            previous = word
            previousIndex = index
        }
    }

    private mutating func addSignals() {
        for signal in FittedLayer.Signal.allCases where shows(signal) {
            add(fitted: tables.fitted.signals[signal.rawValue], 0, 0)
        }
    }

    /// Whether the message as a whole shows this.
    func shows(_ signal: FittedLayer.Signal) -> Bool {
        switch signal {
        case .always: true
        case .question: sums.questions > 0
        case .exclaim: sums.exclamations > 0
        case .exclaims: sums.exclamations > 2
        case .capitals: isAllCapitals
        case .contrast: sums.hasContrast
        case .negated: sums.hasNegation
        case .mention: tokens.contains { $0.flags.contains(.mention) }
        case .link: sums.hasLink
        case .swear: hits.contains { $0.roles.meets([.swear, .insult]) }
        case .number: tokens.contains { $0.flags.contains(.number) }
        case .elongated: tokens.contains { $0.flags.contains(.elongated) }
        case .emoji: tokens.contains { $0.flags.contains(.emoji) }
        case .ellipsis: sums.ellipses > 0
        }
    }

    private mutating func add(fitted index: Int32, _ first: Int, _ end: Int) {
        guard index >= 0, seenFitted[Int(index)] != messageNumber else { return }
        seenFitted[Int(index)] = messageNumber
        let weights = tables.fitted[index]
        let feeling = weights[.positive] - weights[.negative]
        sums.fittedFrustration += weights[.frustration]
        sums.fittedFeeling += feeling
        if end > first {
            sums.learnedFrustration.keep(weights[.frustration], first, end)
            sums.learnedFeeling.keep(feeling, first, end)
        }
        var rest = weights
        rest[.frustration] = 0
        sums.weights += rest
    }
}
