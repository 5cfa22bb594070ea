import KapwaDomain

/// What a customer brings along, drawn before the day begins: the same under all rules.
struct MoodPlan: Sendable {
    enum Outburst: Sendable { case none, insult, slur, sexual, threat }

    /// Scores of the first message, in thousandths.
    var frustration = 0
    var distress = 0
    var urgency = 0
    var family = 0
    /// What the customer comes to say to the agent, and at which of the messages.
    var outburst = Outburst.none
    var outburstAt = 0
    var safety: SafetyFlag.Level?
    /// Whether the agent's work ends in relief, unless the agent is too tired for it.
    var endsWell = true
    /// How much more strain a minute of waiting brings where waiting counts, in thousandths.
    var perMinuteWaiting = 0
    /// Some calm down once somebody listens, others get worse first.
    var escalates = false

    init(hardShare: Int, _ generator: inout SeededGenerator) {
        let isHard = generator.isLucky(hardShare)
        let isUpset = isHard || generator.isLucky(250)
        if isHard {
            // Most are only just hard, few are as bad as can be.
            let score = min(1_000, 700 + Int(generator.exponential(mean: 80)))
            if generator.isLucky(750) {
                frustration = score
            } else {
                distress = score
                frustration = generator.pick(0...600)
            }
        } else if isUpset {
            frustration = generator.pick(350...690)
        } else {
            frustration = generator.pick(0...300)
        }
        urgency = generator.isLucky(80) ? generator.pick(700...1_000) : generator.pick(0...500)
        family = generator.isLucky(60) ? generator.pick(500...900) : 0
        let draw = generator.pick(0..<1_000)
        if isHard {
            outburst = draw < 60 ? .insult : draw < 66 ? .slur : draw < 70 ? .sexual : draw < 78 ? .threat : .none
        } else if isUpset && draw < 8 {
            outburst = .insult
        }
        outburstAt = generator.pick(0...3)
        let danger = generator.pick(0..<100_000)
        safety = danger < 50 ? .explicit : danger < 200 ? .possible : nil
        endsWell = generator.isLucky(isHard ? 550 : isUpset ? 750 : 900)
        perMinuteWaiting = isUpset ? generator.pick(20...60) : generator.pick(0...30)
        escalates = isHard && generator.isLucky(300)
    }

    /// What the scorer would have found in a message.
    ///
    /// - Parameters:
    ///   - progress: how far the handling is, 0…1000; `nil` while nobody has it.
    ///   - waited: minutes of waiting that the customer minds, 0 where waiting changes nothing.
    ///   - tiredness: of the agent, 0…1, 0 where it changes nothing.
    func assessment(
        message: Int, progress: Int?, waited: Double, tiredness: Double, language: Assessment.Language
    ) -> Assessment {
        var found = Assessment()
        let grown = Double(frustration) + min(350, waited * Double(perMinuteWaiting))
        var strain = grown + tiredness * 250
        var grief = Double(distress)
        if let progress {
            let share = Double(progress) / 1_000
            let turn = escalates ? 0.5 : 0.0
            let eased = max(0, share - turn) / (1 - turn) * (1 - 0.5 * tiredness)
            let risen = escalates ? min(share, turn) * 300 : 0
            strain = (strain + risen) * (1 - 0.7 * eased)
            grief *= 1 - 0.5 * eased
            if progress >= 1_000 && endsWell && tiredness < 0.8 {
                strain = min(strain, 200)
                grief = min(grief, 400)
                found.tags.relief = 700
            }
        }
        found.tags.frustration = Self.score(strain)
        found.tags.distress = Self.score(grief)
        found.tags.urgency = Score(milli: urgency)
        found.tags.family = Score(milli: family)
        found.polarity = Score(milli: Int(found.tags.relief.milli) - max(found.tags.hardness.milli, 100))
        found.language = language
        found.coverage = 900
        found.register = found.tags.frustration >= .strong ? .heated : .plain
        if message == 1, let safety {
            found.safety = [SafetyFlag(kind: .medical, level: safety, text: "", start: 0, end: 0)]
        }
        if progress != nil, message == outburstAt { burstOut(&found) }
        return found
    }

    private func burstOut(_ found: inout Assessment) {
        switch outburst {
        case .none: return
        case .insult: found.abuse = Abuse(kind: .insult, target: .agent)
        case .slur: found.abuse = Abuse(kind: .slur, target: .agent)
        case .sexual: found.abuse = Abuse(kind: .sexual, target: .agent)
        case .threat: found.tags.threat = 800
        }
        if outburst != .threat { found.tags.abuse = 800 }
        found.tags.relief = 0
        found.polarity = -900
    }

    private static func score(_ value: Double) -> Score { Score(milli: max(0, min(1_000, Int(value.rounded())))) }
}
