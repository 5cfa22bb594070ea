extension Reading {
    /// Adds what hangs on the message as a whole: each signal alone, and beside the feelings that were rated.
    func addSignals() {
        let signals = tables.fitted.signals
        let feeling = ratedFeeling
        for signal in FittedLayer.Signal.allCases {
            let alone = signals[signal.rawValue]
            let beside = signals[FittedLayer.Signal.slot(feeling, signal)]
            guard alone >= 0 || beside >= 0, shows(signal) else { continue }
            add(fitted: alone, 0, 0)
            add(fitted: beside, 0, 0)
        }
    }

    /// Which sides the hand ratings found.
    var ratedFeeling: FittedLayer.Signal {
        switch (ratedPositive > 0, ratedNegative > 0) {
        case (false, false): .plain
        case (true, false): .warm
        case (false, true): .cold
        case (true, true): .both
        }
    }

    private var ratedPositive: Int32 { sums.rated.positive }
    private var ratedNegative: Int32 { sums.rated.negative }

    /// Whether the message as a whole shows this.
    func shows(_ signal: FittedLayer.Signal) -> Bool {
        switch signal {
        case .plain, .warm, .cold, .both: signal == ratedFeeling
        case .some: abs(ratedPositive - ratedNegative) > 300
        case .strong: abs(ratedPositive - ratedNegative) > 800
        case .great: abs(ratedPositive - ratedNegative) > 1_500
        case .even: 3 * min(ratedPositive, ratedNegative) > max(ratedPositive, ratedNegative)
        case .always: true
        case .question: sums.questions > 0
        case .exclaim: sums.exclamations > 0
        case .exclaims: sums.exclamations > 2
        case .capitals: isAllCapitals
        case .contrast: sums.hasContrast
        case .negated: sums.hasNegation
        case .mention: sums.mentions > 0
        case .mentions: sums.mentions > 1
        case .link: sums.hasLink
        case .swear:
            present.meets([.swear, .insult])
                && hits.contains { $0.roles.meets([.swear, .insult]) && !$0.roles.meets(.blind) }
        case .number: sums.flags.contains(.number)
        case .elongated: sums.flags.contains(.elongated)
        case .emoji: sums.flags.contains(.emoji)
        case .ellipsis: sums.ellipses > 0
        case .hashtag: sums.hashtags > 0
        case .hashtags: sums.hashtags > 2
        case .tiny: sums.words < 5
        case .short: sums.words < 8
        case .brief: sums.words < 12
        case .long: sums.words >= 25
        case .quoted: sums.flags.contains(.quoted)
        }
    }
}
