internal import KapwaDomain

extension Reading {
    func addSafety(to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        for hit in hits where !hit.isCancelled {
            guard let safety = entry(hit).safety, let level = level(of: hit),
                assessment.safety.count < Limits.safetyFlagsPerMessageMax
            else { continue }
            let isCovered = assessment.safety.contains {
                $0.kind == safety.kind && $0.level >= level && $0.end > Int(tokens[Int(hit.first)].scalarStart)
            }
            if isCovered { continue }
            assessment.safety.append(
                SafetyFlag(
                    kind: safety.kind, level: level, text: words(of: hit, text),
                    start: Int(tokens[Int(hit.first)].scalarStart), end: Int(tokens[Int(hit.end) - 1].scalarEnd)))
        }
    }

    /// The reasons for each tag, the weightiest first where there are too many.
    func addEvidence(to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        assessment.evidence.reserveCapacity(16)
        for index in 0..<hits.count where !hits[index].isCancelled { addEvidence(hits[index], to: &assessment, text) }
        addRest(to: &assessment, text)
        if assessment.evidence.count > Limits.evidencePerMessageMax {
            assessment.evidence.sort { abs($0.weight.milli) > abs($1.weight.milli) }
            assessment.evidence.removeLast(assessment.evidence.count - Limits.evidencePerMessageMax)
        }
        let isAscending = assessment.evidence.indices.dropFirst().allSatisfy {
            let (left, right) = (assessment.evidence[$0 - 1].start, assessment.evidence[$0].start)
            return left < right || (left == right && assessment.evidence[$0 - 1].end <= assessment.evidence[$0].end)
        }
        if !isAscending { assessment.evidence.sort { ($0.start, $0.end) < ($1.start, $1.end) } }
    }

    private func addEvidence(_ hit: Hit, to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        let entry = entry(hit)
        if !hit.weights.isZero {
            for (axis, tag) in Weights.Axis.tags where hit.weights[axis] != 0 {
                let reason = axis == .urgency ? entry.reason : nil
                append(hit, tag.rawValue, hit.weights[axis], reason, to: &assessment, text)
            }
            let feeling = hit.weights[.positive] - hit.weights[.negative]
            if feeling != 0 { append(hit, "polarity", feeling, nil, to: &assessment, text) }
        }
        if entry.isOverlay { addSilenced(hit, to: &assessment, text) }
        if hit.rules.contains(.aimed) { append(hit, Tag.abuse.rawValue, abuse.score, nil, to: &assessment, text) }
        if entry.roles.meets(.threat), abuse.threat > 0 {
            append(hit, Tag.threat.rawValue, abuse.threat, nil, to: &assessment, text)
        }
    }

    /// What a deployment's own row took from the words that it covers ("family plan" is no family), as rows of
    /// weight 0: whoever reads the score can see why the words do not count.
    private func addSilenced(_ hit: Hit, to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        var taken: Set<Weights.Axis> = []
        for token in tokens[Int(hit.first)..<Int(hit.end)] {
            for start in [token.feeling, token.feelingRoot] {
                let entry = tables.feelings.entry(of: start)
                guard entry >= 0 else { continue }
                let weights = tables.entries[entry].weights
                taken.formUnion(Weights.Axis.allCases.filter { weights[$0] != 0 && hit.weights[$0] == 0 })
            }
        }
        let tags = Weights.Axis.tags.filter { taken.contains($0.axis) }.map(\.tag)
        for tag in tags { append(hit, tag.rawValue, 0, nil, to: &assessment, text) }
        if tags.isEmpty && hit.weights.isZero { append(hit, "polarity", 0, nil, to: &assessment, text) }
    }

    // MARK: What no single match explains

    /// A difference to the score smaller than this many thousandths is left unsaid.
    private static let leastRest: Int32 = 5

    /// One row for each tag whose matches do not add up to its score: what was learned, and what a bound or a rule
    /// of the whole message changed, at the words that weighed most.
    private func addRest(to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        guard !tokens.isEmpty else { return }
        var sum = Weights.zero
        for index in 0..<hits.count where !hits[index].isCancelled { sum += hits[index].weights }
        for (axis, tag) in Weights.Axis.tags {
            let shown = sum[axis]
            let total = Int32(assessment.tags[tag].milli)
            let rest = total - shown
            // The ends of the scale explain themselves.
            if abs(rest) < Self.leastRest || total == min(1_000, max(0, shown)) { continue }
            var peak = Sums.Peak()
            for hit in hits where !hit.isCancelled { peak.keep(hit.weights[axis], Int(hit.first), Int(hit.end)) }
            var rules: Rules = []
            if axis == .frustration, sums.fittedFrustration != 0 {
                rules.insert(.learned)
                if abs(sums.learnedFrustration.weight) > abs(peak.weight) || peak.end == 0 {
                    peak = sums.learnedFrustration
                }
            }
            let isLearned = rules.contains(.learned)
            if !isLearned || shown + sums.fittedFrustration > total {
                rules.insert(.bounded)
            }
            if axis == .frustration, abuse.isAimed { rules.insert(.aimed) }
            append(peak, tag.rawValue, rest, rules, to: &assessment, text)
        }
        if abs(sums.fittedFeeling) >= Self.leastRest {
            append(sums.learnedFeeling, "polarity", sums.fittedFeeling, .learned, to: &assessment, text)
        }
    }

    private func append(
        _ peak: Sums.Peak, _ tag: String, _ weight: Int32, _ rules: Rules, to assessment: inout Assessment,
        _ text: UnsafeBufferPointer<UInt8>
    ) {
        var peak = peak
        if peak.end <= peak.first {
            // Signs of the message as a whole stand at its first word that names nobody.
            guard
                let first = tokens.firstIndex(where: {
                    $0.flags.contains(.known) && !$0.roles.meets(.blind)
                        && $0.flags.isDisjoint(with: [.number, .mention])
                })
            else { return }
            peak = Sums.Peak(first: Int32(first), end: Int32(first + 1))
        }
        let hit = Hit(entry: 0, first: peak.first, end: peak.end, weights: .zero, roles: [], rules: rules)
        append(hit, tag, weight, nil, to: &assessment, text)
    }

    private func append(
        _ hit: Hit, _ tag: String, _ weight: Int32, _ reason: Evidence.Reason?, to assessment: inout Assessment,
        _ text: UnsafeBufferPointer<UInt8>
    ) {
        assessment.evidence.append(
            Evidence(
                tag: tag, text: words(of: hit, text), start: Int(tokens[Int(hit.first)].scalarStart),
                end: Int(tokens[Int(hit.end) - 1].scalarEnd), weight: Score(milli: Int(weight)), reason: reason,
                rules: names(of: hit.rules), source: source(of: hit)))
    }

    /// The rules' names. The few sets that come up again and again are kept.
    private func names(of rules: Rules) -> [String] {
        if rules.isEmpty { return [] }
        if let known = ruleNames[rules] { return known }
        let names = rules.names
        if ruleNames.count < Self.ruleNamesMax { ruleNames[rules] = names }
        return names
    }

    private static let ruleNamesMax = 1_024

    /// The deployment's own file whose row matched.
    private func source(of hit: Hit) -> String? {
        guard hit.rules.contains(.overlay) else { return nil }
        return lexicon.overlays[Int(entry(hit).overlay)]
    }

    private func words(of hit: Hit, _ text: UnsafeBufferPointer<UInt8>) -> String {
        let start = Int(tokens[Int(hit.first)].byteStart)
        let end = Int(tokens[Int(hit.end) - 1].byteEnd)
        return String(decoding: text[start..<end], as: UTF8.self)
    }
}
