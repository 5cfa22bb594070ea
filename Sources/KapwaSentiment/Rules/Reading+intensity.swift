extension Reading {
    /// Lets intensifiers, diminishers, capitals and drawn-out letters work on the feeling beside them.
    func applyIntensity() {
        if isOn(.intensity) {
            for index in hits.indices {
                let entry = entry(hits[index])
                guard entry.roles.meets([.intensifier, .diminisher]), entry.factor != 1_000 else { continue }
                guard let target = neighbour(of: index) else { continue }
                scale(&hits[target], by: entry.factor, .intensity)
            }
            for index in hits.indices where tokens[Int(hits[index].first)].flags.contains(.superlative) {
                scale(&hits[index], by: 1_300, .intensity)
            }
        }
        guard isOn(.emphasis) else { return }
        let shouts = isAllCapitals
        for index in hits.indices {
            let first = tokens[Int(hits[index].first)]
            if first.flags.contains(.capitals) && !shouts { scale(&hits[index], by: 1_200, .emphasis) }
            if !first.flags.isDisjoint(with: [.elongated, .doubled]) { scale(&hits[index], by: 1_150, .emphasis) }
            if clauses[Int(first.clause)].exclaims > 0 { scale(&hits[index], by: 1_080, .emphasis) }
        }
    }

    /// Whether the writer has capitals on, so that they single nothing out.
    var isAllCapitals: Bool { sums.words > 0 && sums.capitals * 10 >= sums.words * 7 }

    /// The feeling that an intensifier belongs to: the next within two words, else the one right before.
    private func neighbour(of index: Int) -> Int? {
        let end = Int(hits[index].end)
        let clause = tokens[Int(hits[index].first)].clause
        // "kay ganda" is how fine, "para kay Ana, mamayang gabi" names somebody.
        let reach = hits[index].roles.meets(.person) ? 1 : 3
        if index + 1 < hits.count {
            for next in index + 1..<min(hits.count, index + 4) {
                let first = Int(hits[next].first)
                guard first < end + reach, tokens[first].clause == clause else { break }
                if isScalable(hits[next]) { return next }
            }
        }
        if index > 0, isScalable(hits[index - 1]), Int(hits[index - 1].end) + 1 >= Int(hits[index].first),
            tokens[Int(hits[index - 1].first)].clause == clause
        {
            return index - 1
        }
        return nil
    }

    private func isScalable(_ hit: Hit) -> Bool {
        !hit.isCancelled && !hit.weights.isZero && !hit.roles.meets([.intensifier, .diminisher, .negator, .blind])
    }

    /// Shouting buys nothing: what puts a conversation first in line does not grow with capitals and exclamation marks.
    private func scale(_ hit: inout Hit, by factor: Int32, _ rule: Rules) {
        guard !hit.weights.isZero else { return }
        let before = hit.weights
        hit.weights = before.scaled(factor)
        hit.weights[.family] = before[.family]
        if rule == .emphasis, factor > 1_000 {
            hit.weights[.urgency] = before[.urgency]
            hit.weights[.distress] = before[.distress]
        }
        hit.rules.insert(rule)
    }
}
