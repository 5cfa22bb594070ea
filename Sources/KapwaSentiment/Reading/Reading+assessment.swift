internal import KapwaDomain

extension Reading {
    /// Weak signs alone, and words of haste alone, end here.
    static let softBound: Int32 = 690
    /// From here on a tag holds.
    private static let holds: Int32 = 500

    func fill(_ assessment: inout Assessment, language hint: Assessment.Language?) {
        fillTags(&assessment)
        assessment.polarity = polarity
        fillAbuse(&assessment)
        fillCoverage(&assessment, hint)
        assessment.asksFor = wish
        assessment.register = register(assessment)
    }

    private func fillTags(_ assessment: inout Assessment) {
        let sum = sums.weights
        assessment.tags.frustration = Self.score(frustration)
        let soft = max(0, sum[.urgency] - sums.hardUrgency)
        let haste = isOn(.bounded) ? min(Self.softBound, soft) : soft
        assessment.tags.urgency = Self.score(sums.hardUrgency > 0 ? haste / 2 + sums.hardUrgency : haste)
        assessment.tags.family = Self.score(sum[.family])
        assessment.tags.distress = Self.score(sum[.distress])
        assessment.tags.relief = Self.score(sum[.relief])
    }

    /// Distress from which on a message is about it.
    private static let grave: Int32 = 700
    /// Less than two words of trouble.
    private static let plainTrouble: Int32 = 950

    /// A message whose feeling is at or below this is unhappy through and through.
    private static let wretched: Score = -700

    /// Weak signs alone stay under the strong bound; several that add up do not beside trouble that lasts, nor where
    /// nothing in the message speaks for the other side.
    private var frustration: Int32 {
        let signed = sums.weights[.frustration] - sums.strongFrustration
        let weak = max(0, signed)
        let isLifted =
            !isOn(.bounded)
            || weak + sums.strongFrustration >= 1_000
                && (isOn(.repetition) && sums.lasts || polarity <= Self.wretched)
        let learned = learnedFrustration(weak)
        var soft = max(0, (sums.strongFrustration == 0 ? signed : weak) + learned)
        // What was only learned and does not hold is a guess: half of it, so that guesses do not look like movement.
        if weak + sums.strongFrustration == 0, soft < Self.holds { soft /= 2 }
        let bound = isTold(weak) ? Self.holds - 50 : Self.softBound
        return sums.strongFrustration + (isLifted ? max(weak, soft) : min(bound, soft))
    }

    /// In grief and fear plain words of trouble ("mali", "cancelled") tell what happened; they are a complaint when the
    /// trouble lasts or is laid to somebody's charge ("mali yung binigay nyo").
    private func isTold(_ weak: Int32) -> Bool {
        guard sums.strongFrustration == 0, !sums.lasts, weak < Self.plainTrouble,
            sums.weights[.distress] >= Self.grave
        else { return false }
        return !hits.contains { hit in
            guard !hit.isCancelled, hit.weights[.frustration] >= Self.holds else { return false }
            let behind = Int(hit.first)..<min(tokens.count, Int(hit.end) + 5)
            return tokens[behind].contains {
                $0.clause == tokens[Int(hit.first)].clause && $0.roles.meets([.you, .genitive])
            }
        }
    }

    /// What was learned from complaints; a request or a plea without a word of complaint is none.
    private func learnedFrustration(_ weak: Int32) -> Int32 {
        let learned = sums.fittedFrustration
        guard isOn(.bounded), learned > 0, weak <= 200, sums.strongFrustration == 0 else { return learned }
        let sum = sums.weights
        let isPlea = sum[.distress] >= 300 || sum[.urgency] >= Self.holds || sum[.relief] >= 300
        let isRequest =
            sums.questions > 0 || sums.hasRequest
            || hits.contains { $0.roles.meets(.request) && !$0.isCancelled }
        return isPlea || isRequest ? min(learned / 2, Self.holds - 50 - weak) : learned
    }

    private static func score(_ sum: Int32) -> Score { Score(milli: Int(min(1_000, max(0, sum)))) }

    private func fillAbuse(_ assessment: inout Assessment) {
        assessment.tags.threat = Self.score(abuse.threat)
        assessment.tags.abuse = Self.score(abuse.score)
        guard let kind = abuse.kind else { return }
        let named: Abuse.Kind =
            switch kind {
            case .insult: .insult
            case .slur: .slur
            case .sexual: .sexual
            }
        assessment.abuse = Abuse(kind: named, target: abuse.isAimed ? .agent : .other)
        if abuse.isAimed {
            assessment.tags.frustration = max(assessment.tags.frustration, kind == .sexual ? 0 : 700)
        }
    }

    // MARK: Polarity

    /// What mixed evidence starts with: a message must say something to be more than neutral.
    private static let calm = 250
    /// The lead of one side over calm at which polarity is half way to its end.
    private static let half = 900

    /// From the three sums: neutral while mixed evidence leads, else as far from it as one side leads.
    private var polarity: Score {
        let positive = Int(sums.weights[.positive])
        let negative = Int(sums.weights[.negative])
        let calm = Int(sums.weights[.mixed]) + Self.calm
        let lead = max(positive, negative) - calm
        let sign = positive >= negative ? 1 : -1
        guard lead > 0, positive != negative else {
            let tilt = 49 * (positive - negative) / max(1, abs(positive) + abs(negative))
            return Score(milli: max(-49, min(49, tilt)))
        }
        let margin = min(lead, abs(positive - negative))
        return Score(milli: sign * (50 + 950 * margin / (margin + Self.half)))
    }

    // MARK: Language and coverage

    private func fillCoverage(_ assessment: inout Assessment, _ hint: Assessment.Language?) {
        var tally = LanguageTally()
        for token in tokens { tally.add(token) }
        assessment.coverage = Score(milli: tally.coverage)
        assessment.language = tally.language(hint)
        // Cebuano and Ilocano are told apart for routing, but what they say is hardly rated: that is no calm.
        let isHardlyRated = assessment.language == .ceb || assessment.language == .ilo
        assessment.scored = tally.coverage < 300 || isHardlyRated ? .low : .ok
    }

    private var wish: Assessment.Wish? {
        guard present.meets([.human, .supervisor]) else { return nil }
        var wish: Assessment.Wish?
        for hit in hits where !hit.isCancelled {
            let roles = hit.roles
            if roles.meets(.supervisor) { return .supervisor }
            if roles.meets(.human) { wish = .human }
        }
        return wish
    }

    private func register(_ assessment: Assessment) -> Assessment.Register {
        let tags = assessment.tags
        let swears = hits.contains {
            !$0.isCancelled && $0.weights[.frustration] > 0 && $0.roles.meets([.swear, .insult])
                && !$0.roles.meets(.mild)
        }
        let shouts = tags.frustration >= .strong && (isAllCapitals || sums.exclamations > 2)
        if tags.abuse >= .holds || tags.threat >= .holds || swears || shouts { return .heated }
        let isPolite = tokens.contains { $0.roles.meets(.polite) } || hits.contains { $0.roles.meets(.polite) }
        return isPolite ? .polite : .plain
    }
}
