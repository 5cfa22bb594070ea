internal import KapwaDomain

extension Reading {
    mutating func addSafety(to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        for hit in hits where !hit.isCancelled {
            guard let safety = entry(hit).safety, assessment.safety.count < Limits.safetyFlagsPerMessageMax else {
                continue
            }
            let isCovered = assessment.safety.contains {
                $0.kind == safety.kind && $0.level >= safety.level && $0.end > Int(tokens[Int(hit.first)].scalarStart)
            }
            if isCovered { continue }
            assessment.safety.append(
                SafetyFlag(
                    kind: safety.kind, level: safety.level, text: words(of: hit, text),
                    start: Int(tokens[Int(hit.first)].scalarStart), end: Int(tokens[Int(hit.end) - 1].scalarEnd)))
        }
    }

    /// The reasons for each tag, the weightiest first where there are too many.
    mutating func addEvidence(to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        for hit in hits where !hit.isCancelled { addEvidence(hit, to: &assessment, text) }
        if assessment.evidence.count > Limits.evidencePerMessageMax {
            assessment.evidence.sort { abs($0.weight.milli) > abs($1.weight.milli) }
            assessment.evidence.removeLast(assessment.evidence.count - Limits.evidencePerMessageMax)
        }
        assessment.evidence.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    private func addEvidence(_ hit: Hit, to assessment: inout Assessment, _ text: UnsafeBufferPointer<UInt8>) {
        let entry = entry(hit)
        for axis in Weights.Axis.allCases where axis.rawValue <= Weights.Axis.relief.rawValue && hit.weights[axis] != 0
        {
            let reason = axis == .urgency ? entry.reason : nil
            append(hit, axis.name, hit.weights[axis], reason, to: &assessment, text)
        }
        let feeling = hit.weights[.positive] - hit.weights[.negative]
        if feeling != 0 { append(hit, "polarity", feeling, nil, to: &assessment, text) }
        if hit.rules.contains(.aimed) { append(hit, Tag.abuse.rawValue, abuse.score, nil, to: &assessment, text) }
        if entry.roles.meets(.threat), abuse.threat > 0 {
            append(hit, Tag.threat.rawValue, abuse.threat, nil, to: &assessment, text)
        }
    }

    private func append(
        _ hit: Hit, _ tag: String, _ weight: Int32, _ reason: Evidence.Reason?, to assessment: inout Assessment,
        _ text: UnsafeBufferPointer<UInt8>
    ) {
        assessment.evidence.append(
            Evidence(
                tag: tag, text: words(of: hit, text), start: Int(tokens[Int(hit.first)].scalarStart),
                end: Int(tokens[Int(hit.end) - 1].scalarEnd), weight: Score(milli: Int(weight)), reason: reason,
                rules: hit.rules.names))
    }

    private func words(of hit: Hit, _ text: UnsafeBufferPointer<UInt8>) -> String {
        let start = Int(tokens[Int(hit.first)].byteStart)
        let end = Int(tokens[Int(hit.end) - 1].byteEnd)
        return String(decoding: text[start..<end], as: UTF8.self)
    }
}
