/// What a message adds up to before it is bounded and turned into scores. Thousandths throughout.
struct Sums {
    /// All that counted, of hand-rated and fitted rows.
    var weights = Weights.zero
    /// Frustration from anger, failure again and again, and rows that are strong by themselves.
    var strongFrustration: Int32 = 0
    /// Urgency from rows that name a harm, a loss or a missed event.
    var hardUrgency: Int32 = 0
    /// Distress from rows that are strong by themselves.
    var strongDistress: Int32 = 0
    /// Frustration that was learned from labelled complaints.
    var fittedFrustration: Int32 = 0
    /// Positive less negative feeling that was learned.
    var fittedFeeling: Int32 = 0
    /// The tokens whose learned frustration, and whose learned feeling, is greatest, and how great it is.
    var learnedFrustration = Peak()
    var learnedFeeling = Peak()

    /// Flags that some token has.
    var flags: Token.Flags = []
    var words = 0
    var capitals = 0
    var mentions = 0
    var hashtags = 0
    /// Praise and complaint of the hand-rated rows, before anything learned is added.
    var rated: (positive: Int32, negative: Int32) = (0, 0)
    /// Trouble lasts, or came again.
    var lasts = false
    var questions = 0
    var exclamations = 0
    var ellipses = 0
    var hasLink = false
    /// A verb with `paki-`.
    var hasRequest = false
    var hasContrast = false
    var hasNegation = false
}

extension Sums {
    /// Where the greatest of several weights stands.
    struct Peak {
        var first: Int32 = 0
        /// Exclusive; as great as `first` when nothing was found.
        var end: Int32 = 0
        var weight: Int32 = 0

        @inline(__always)
        mutating func keep(_ weight: Int32, _ first: Int, _ end: Int) {
            guard abs(weight) > abs(self.weight) else { return }
            self = Peak(first: Int32(first), end: Int32(end), weight: weight)
        }
    }
}

/// Abuse and threat found in a message, as the rules left them.
struct AbuseFinding {
    enum Kind: Int32 {
        case insult = 1
        case slur, sexual
    }

    var kind: Kind?
    /// Aimed at the agent, not at a third person.
    var isAimed = false
    var score: Int32 = 0
    var threat: Int32 = 0
}
