extension Reading {
    /// How many words that carry meaning may stand between a negator and what it turns.
    private static let reach = 2

    /// Turns the first feeling behind each negator: praise becomes complaint, complaint nearly nothing.
    func applyNegation() {
        guard isOn(.negation) else { return }
        guard present.meets(.negator) else { return }
        for index in hits.indices where hits[index].roles.meets(.negator) && !hits[index].isCancelled {
            guard let target = feeling(after: index) else { continue }
            if hits[target].weights[.negative] > hits[target].weights[.positive] {
                for word in Int(hits[index].first)..<Int(hits[target].end) { tokens[word].flags.insert(.denied) }
            } else {
                sums.hasNegation = true
            }
            negate(&hits[target])
        }
    }

    /// The first match with a feeling within reach: same clause, no pause, no contrast between.
    private func feeling(after negator: Int) -> Int? {
        let start = Int(hits[negator].end)
        guard start < tokens.count else { return nil }
        var words = 0
        var next = negator + 1
        for index in start..<tokens.count {
            let token = tokens[index]
            if token.clause != tokens[Int(hits[negator].first)].clause || words > Self.reach { return nil }
            if index > start, tokens[index - 1].flags.contains(.pauses) { return nil }
            while next < hits.count, Int(hits[next].first) < index { next += 1 }
            if next < hits.count, Int(hits[next].first) == index, !hits[next].isCancelled {
                let found = entry(hits[next])
                if found.roles.meets([.contrast, .negator]) { return nil }
                if hasFeeling(hits[next]) { return next }
            }
            if !token.roles.meets([.particle, .me, .my, .you, .third, .article, .intensifier]) { words += 1 }
        }
        return nil
    }

    private func hasFeeling(_ hit: Hit) -> Bool {
        var weights = hit.weights
        weights[.family] = 0
        return !weights.isZero && entry(hit).safety == nil
    }

    private func negate(_ hit: inout Hit) {
        let before = hit.weights
        hit.rules.insert(.negation)
        hit.weights[.negative] = before[.positive] * 8 / 10 + max(0, -before[.negative]) / 2
        hit.weights[.positive] = before[.negative] * 5 / 10
        hit.weights[.frustration] = before[.frustration] > 0 ? 0 : before[.positive] * 5 / 10
        hit.weights[.distress] = 0
        hit.weights[.urgency] = 0
        hit.weights[.relief] = 0
    }
}
