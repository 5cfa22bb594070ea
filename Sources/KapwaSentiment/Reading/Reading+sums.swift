extension Reading {
    /// From here on a row is strong by itself.
    static let strongAlone: Int32 = 650

    /// Adds what is left of the matches.
    func addUp() {
        for index in hits.indices where !hits[index].isCancelled {
            let weights = hits[index].weights
            if weights.isZero { continue }
            sums.weights += weights
            let (entry, roles) = (hits[index].entry, hits[index].roles)
            let (frustration, urgency) = (weights[.frustration], weights[.urgency])
            if frustration > 0 {
                let isBitter = hits[index].rules.contains(.sarcasm)
                let isStrong = tables.entries[entry].weights[.frustration] >= Self.strongAlone
                if isStrong || isBitter || roles.meets(.anger) { sums.strongFrustration += frustration }
                if roles.meets(.waiting) { sums.lasts = true }
            }
            if urgency > 0, tables.entries[entry].reason != nil { sums.hardUrgency += urgency }
        }
        sums.rated = (sums.weights[.positive], sums.weights[.negative])
    }

    /// Adds the fitted adjustments, each at most once.
    func addFitted() {
        guard tables.fitted.count > 0, !tokens.isEmpty else { return }
        addSignals()
        let hasTriples = tables.fitted.hasTriples
        var previous: Vocabulary.ID = -1
        var beforePrevious: Vocabulary.ID = -1
        var previousIndex = 0
        var beforeIndex = 0
        let numberFitted = numberWord >= 0 ? tables.words[numberWord].fitted : -1
        for index in 0..<tokens.count {
            let (roles, flags) = (tokens[index].roles, tokens[index].flags)
            if roles.meets(.polite) { continue }
            if flags.contains(.denied) || roles.meets(.unfitted) {
                previous = -1
                beforePrevious = -1
                continue
            }
            let isNumber = flags.contains(.number)
            let word = isNumber ? numberWord : tokens[index].word
            if word >= 0 {
                add(fitted: isNumber ? numberFitted : tokens[index].fitted, index, index + 1)
                if previous >= 0 {
                    add(fitted: tables.fitted.group(previous, word), previousIndex, index + 1)
                    if hasTriples, beforePrevious >= 0 {
                        let triple = tables.fitted.group(beforePrevious, previous, word)
                        add(fitted: triple, beforeIndex, index + 1)
                    }
                }
            }
            add(fitted: tokens[index].fittedRoot, index, index + 1)
            beforePrevious = previous
            beforeIndex = previousIndex
            previous = word
            previousIndex = index
        }
    }

    @inline(__always)
    func add(fitted index: Int32, _ first: Int, _ end: Int) {
        if index >= 0, seenFitted[index] != messageNumber { addUnseen(fitted: index, first, end) }
    }

    private func addUnseen(fitted index: Int32, _ first: Int, _ end: Int) {
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
