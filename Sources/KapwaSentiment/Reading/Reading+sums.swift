extension Reading {
    /// From here on a row is strong by itself.
    static let strongAlone: Int32 = 650

    /// Adds what is left of the matches.
    func addUp() {
        var pleas: [Plea] = []
        for index in hits.indices where !hits[index].isCancelled {
            countOnce(&hits[index], &pleas)
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

    /// What a row has added so far to the sums that put a conversation first in line.
    private struct Plea {
        var entry: Int32
        var urgency: Int32
        var distress: Int32
    }

    /// Rows that plead and are remembered; with so many different ones both sums have long reached their end.
    private static let pleasMax = 32

    /// Repetition buys nothing: a row said again adds to urgency and distress only what it is stronger than before.
    private func countOnce(_ hit: inout Hit, _ pleas: inout [Plea]) {
        let (urgency, distress) = (hit.weights[.urgency], hit.weights[.distress])
        guard urgency > 0 || distress > 0 else { return }
        if let known = pleas.firstIndex(where: { $0.entry == Int32(hit.entry) }) {
            hit.weights[.urgency] = min(urgency, max(0, urgency - pleas[known].urgency))
            hit.weights[.distress] = min(distress, max(0, distress - pleas[known].distress))
            pleas[known].urgency = max(urgency, pleas[known].urgency)
            pleas[known].distress = max(distress, pleas[known].distress)
        } else if pleas.count < Self.pleasMax {
            pleas.append(Plea(entry: Int32(hit.entry), urgency: urgency, distress: distress))
        }
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
