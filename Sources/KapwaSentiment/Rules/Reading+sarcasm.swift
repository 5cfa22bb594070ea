extension Reading {
    /// Thanks for a failure, praise beside endless waiting: bitter, not warm.
    func applySarcasm() {
        guard isOn(.sarcasm) else { return }
        guard present.meets([.thanks, .praise]) else { return }
        let mocks = hits.indices.contains(where: praiseBeforeFailure)
        let waits = hits.contains { !$0.isCancelled && $0.roles.meets(.waiting) }
        for index in hits.indices where !hits[index].isCancelled {
            let roles = hits[index].roles
            guard roles.meets([.thanks, .praise]), hits[index].weights[.positive] > 0 else { continue }
            let first = Int(hits[index].first)
            let isMock = mocks && (roles.meets(.mock) || (roles.meets(.thanks) && tokens[first].languages == .english))
            let isBitter = isMock || (roles.meets(.thanks) ? thanksForFailure(index) : waits && praisesYou(index))
            guard isBitter else { continue }
            hits[index].weights[.negative] += hits[index].weights[.positive]
            hits[index].weights[.positive] = 0
            hits[index].weights[.relief] = 0
            hits[index].weights[.frustration] = max(hits[index].weights[.frustration], 700)
            hits[index].rules.insert(.sarcasm)
        }
    }

    /// "great job, charged twice again": praise of what somebody did, then at once what went wrong, and no "but".
    private func praiseBeforeFailure(_ index: Int) -> Bool {
        guard hits[index].roles.meets(.mock), !hits[index].isCancelled, !present.meets(.contrast) else { return false }
        let last = Int(hits[index].end) - 1
        for other in hits[(index + 1)...] where !other.isCancelled {
            let first = Int(other.first)
            let apart = tokens[first].clause - tokens[last].clause
            guard apart <= 1, first <= last + 4 else { return false }
            if other.roles.meets(.mock) { continue }
            if other.weights[.positive] > 0 { return false }
            if other.weights[.frustration] >= 500 { return true }
        }
        return false
    }

    /// "thanks for keeping me on hold", "salamat sa pagtanggi": a complaint right behind the thanks, in one breath.
    private func thanksForFailure(_ index: Int) -> Bool {
        let end = Int(hits[index].end)
        guard end < tokens.count, tokens[end].clause == tokens[Int(hits[index].first)].clause else { return false }
        let link = tokens[end].roles.meets(.particle) ? end + 1 : end
        guard link < tokens.count, tokens[link].word >= 0, lexicon.gratitudeLinks.contains(tokens[link].word) else {
            return false
        }
        for other in index + 1..<max(index + 1, min(hits.count, index + 6)) {
            guard tokens[Int(hits[other].first)].clause == tokens[link].clause, Int(hits[other].first) <= link + 5
            else {
                return false
            }
            let roles = hits[other].roles
            if roles.meets(.contrast) || hits[other].weights[.positive] > 300 { return false }
            let failure = tokens[link].languages == .english ? Weights.Axis.negative : .frustration
            if hits[other].weights[failure] >= 400 || roles.meets(.waiting) { return true }
        }
        return false
    }

    /// "ang bilis nyo": praise for "you"; beside a wait that lasts ("tatlong araw na") it is bitter.
    private func praisesYou(_ index: Int) -> Bool {
        guard let after = content(after: Int(hits[index].end) - 1) else { return false }
        return tokens[after].roles.meets(.you)
    }

    /// "Pa-check po, salamat": thanks that close a request are manners.
    func applyManners() {
        guard isOn(.manners) else { return }
        guard present.meets(.thanks) else { return }
        guard let request = hits.firstIndex(where: { asks($0) && !$0.isCancelled }) else { return }
        let isWarm = hits.contains {
            !$0.isCancelled && !$0.roles.meets(.thanks) && $0.weights[.positive] >= 300
        }
        guard !isWarm else { return }
        for index in request..<hits.count where hits[index].roles.meets(.thanks) {
            hits[index].weights = hits[index].weights.scaled(250)
            hits[index].rules.insert(.manners)
        }
    }

    /// A request, or a question that is asked as one.
    private func asks(_ hit: Hit) -> Bool {
        let roles = hit.roles
        return roles.meets(.request) || (roles.meets(.question) && clauses[Int(tokens[Int(hit.first)].clause)].asks)
    }
}
