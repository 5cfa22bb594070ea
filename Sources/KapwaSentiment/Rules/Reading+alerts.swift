internal import KapwaDomain

extension Reading {
    /// Takes back alerts that a phrase of hyperbole, or about a device, an account or a song, covers.
    mutating func applyHarmless() {
        guard present.meets([.harmless, .over]) else { return }
        guard isOn(.harmless) else { return }
        applyOver()
        for index in hits.indices where hits[index].roles.meets(.harmless) {
            for other in hits.indices where other != index && entry(hits[other]).isAlert {
                let overlaps = hits[other].first < hits[index].end && hits[index].first < hits[other].end
                guard overlaps, !hits[other].roles.meets(.harmless) else { continue }
                hits[other].isCancelled = true
                hits[other].rules.insert(.harmless)
            }
        }
    }

    /// "Okay na sya": what went before is told, not happening.
    private mutating func applyOver() {
        guard let over = hits.lastIndex(where: { $0.roles.meets(.over) }) else { return }
        for index in 0..<over {
            guard let safety = entry(hits[index]).safety, safety.kind == .medical || safety.kind == .child else {
                continue
            }
            hits[index].isCancelled = true
            hits[index].rules.insert(.harmless)
        }
    }

    /// Small words of despair count as a sign only beside loss or despair, and not beside a laugh.
    mutating func applyDespair() {
        guard isOn(.despair) else { return }
        guard present.meets(.despair) else { return }
        for index in hits.indices where hits[index].roles.meets(.despair) && !hits[index].isCancelled {
            var grief: Int32 = 0
            for other in hits.indices where other != index && !hits[other].isCancelled {
                grief += hits[other].weights[.distress]
            }
            let laughs = hits.contains { $0.roles.meets(.humour) }
            if grief < 300 || laughs {
                hits[index].isCancelled = true
                hits[index].rules.insert(.despair)
            }
        }
    }
}
