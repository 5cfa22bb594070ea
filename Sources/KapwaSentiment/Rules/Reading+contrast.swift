extension Reading {
    /// Praise on one side of a "pero" and complaint on the other make a mixed message.
    func applyContrast() {
        guard isOn(.contrast) else { return }
        guard present.meets(.contrast) else { return }
        guard let marker = hits.firstIndex(where: { $0.roles.meets(.contrast) && !$0.isCancelled }) else {
            return
        }
        sums.hasContrast = true
        let before = feelings(hits[..<marker])
        let after = feelings(hits[(marker + 1)...])
        let crossed = max(min(before.positive, after.negative), min(before.negative, after.positive))
        guard crossed > 0 else { return }
        hits[marker].weights[.mixed] += 300 + crossed / 2
        hits[marker].rules.insert(.contrast)
    }

    func feelings(_ hits: Slice<Buffer<Hit>>) -> (positive: Int32, negative: Int32) {
        var positive: Int32 = 0
        var negative: Int32 = 0
        for hit in hits where !hit.isCancelled {
            positive += hit.weights[.positive]
            negative += hit.weights[.negative]
        }
        return (positive, negative)
    }
}
