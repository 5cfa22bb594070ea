import KapwaDomain

/// A conversation as its customer brings it, drawn before the day begins: the same under all rules.
struct PlannedContact: Sendable {
    var number: Int
    var at: Instant
    var errand: FloorPlan.Errand
    var customer: Int
    /// The customer asks for somebody by name.
    var prefers: Int?
    var mood: MoodPlan
    /// Gives up after waiting so long; `nil` where nobody waits at the screen.
    var patience: Milliseconds?
    /// Comes back so long after giving up.
    var returnsAfter: Milliseconds?
    /// How long an agent who is not tired needs.
    var handle: Milliseconds
    var wrapup: Milliseconds
    /// The customer's messages once an agent listens.
    var messages: Int
    /// For what is drawn while it runs.
    var seed: UInt64

    /// Seconds within which half of the contacts are handled.
    static func medianHandle(_ channel: Channel) -> Double {
        switch channel.family {
        case .voice: 270
        case .email: 300
        default: 420
        }
    }

    private static func medianPatience(_ channel: Channel) -> Double? {
        switch channel.family {
        case .voice: 150
        case .email: nil
        default: 240
        }
    }

    init(
        number: Int, at: Instant, floor: FloorPlan, settings: WorldSettings, agents: Int, isTyphoon: Bool,
        _ generator: inout SeededGenerator
    ) {
        self.number = number
        self.at = at
        errand = floor.errand(&generator)
        customer = generator.pick(0..<max(1, settings.conversations * 7 / 10))
        prefers = generator.isLucky(20) ? generator.pick(0..<agents) : nil
        mood = MoodPlan(hardShare: isTyphoon ? ArrivalProfile.typhoonHardShare : settings.hardShare, &generator)
        let patience = generator.logNormal(median: 1, spread: 0.8)
        self.patience = Self.medianPatience(errand.channel).map { Milliseconds($0 * 1_000 * patience) }
        returnsAfter = generator.isLucky(250) ? generator.seconds(10...600) : nil
        var median = Self.medianHandle(errand.channel)
        if let history = settings.history {
            let place = SimulatedDay.minute(of: at) / 30 % 48
            let known = history.handleSeconds[place] > 0 ? history.handleSeconds[place] : history.meanHandleSeconds
            // The mean of the shape is its median × e^(spread²/2); the site's mean covers talk and what comes after.
            median *= known / Self.meanWithWrapup
        }
        let hardness = max(mood.frustration, mood.distress)
        let longer = 1 + 0.3 * Double(max(0, hardness - 400)) / 600
        let drawn = generator.logNormal(median: median * longer, spread: 0.55)
        handle = Milliseconds(min(max(drawn, 20), 7_200) * 1_000)
        wrapup = errand.channel.family == .voice ? generator.seconds(10...80) : generator.seconds(5...50)
        messages = errand.channel.family == .email ? 0 : generator.pick(errand.channel.family == .voice ? 2...4 : 3...7)
        seed = generator.next()
    }

    /// Mean seconds of work of a contact here: over the channels' mix, strain and spread, with wrap-up.
    static let meanWithWrapup = 480.0
}
