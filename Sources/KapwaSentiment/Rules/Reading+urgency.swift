internal import KapwaDomain

extension Reading {
    /// What is hard only beside a plea ("si nanay ang nasa ospital") needs one, or a time that is named.
    ///
    /// Words of speed tell about the past ("nasira agad", "received immediately") unless something is asked for.
    func applyHaste() {
        guard isOn(.haste), sums.questions == 0 else { return }
        guard present.meets(.haste) else { return }
        let asks = hits.contains {
            !$0.isCancelled && $0.roles.meets([.request, .waiting]) && !$0.roles.meets(.haste)
        }
        guard !asks else { return }
        let pleads = hits.contains {
            !$0.isCancelled && !$0.roles.meets(.haste) && ($0.roles.meets(.when) || $0.weights[.distress] >= 500)
        }
        for index in hits.indices where hits[index].roles.meets(.haste) && hits[index].weights[.urgency] > 0 {
            if pleads, entry(hits[index]).reason != nil { continue }
            hits[index].weights[.urgency] = hits[index].weights[.urgency] * 4 / 10
            hits[index].rules.insert(.haste)
        }
    }

    /// Sincere thanks without a request behind them show that the trouble is over.
    func applyResolved() {
        guard isOn(.resolved) else { return }
        var relief: Int32 = 0
        var last = -1
        for index in hits.indices where !hits[index].isCancelled && hits[index].weights[.relief] >= 500 {
            relief += hits[index].weights[.relief]
            last = index
        }
        guard relief >= 700, !hits.contains(where: { entry($0).safety?.level == .explicit && !$0.isCancelled }) else {
            return
        }
        let asksLater = hits[(last + 1)...].contains { !$0.isCancelled && $0.roles.meets([.request, .waiting]) }
        guard !asksLater else { return }
        for index in hits.indices {
            let weights = hits[index].weights
            guard weights[.urgency] > 0 || (weights[.distress] > 0 && weights[.distress] < 700) else { continue }
            hits[index].weights[.urgency] = weights[.urgency] * 4 / 10
            if weights[.distress] < 700 { hits[index].weights[.distress] = weights[.distress] * 5 / 10 }
            hits[index].rules.insert(.resolved)
        }
    }
}
