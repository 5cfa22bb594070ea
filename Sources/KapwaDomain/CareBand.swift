/// How much an agent has had to carry lately, as far as anybody but the agent may know.
///
/// Stress, the share of hard contacts, the streak cap and the soft landing become this one word of three, so that none
/// of them can be told from the others.
public enum CareBand: String, CaseIterable, Sendable {
    case low, middle, high
}

extension Decision.Candidate {
    /// The band of this candidate for this conversation.
    ///
    /// High from the streak cap, from a landing that meets a hard contact, or from two thirds of stress or share on;
    /// middle from a landing or one third on.
    public var care: CareBand {
        let isLanding = tier & 1 != 0
        let isAgainstCare = tier & 0b110 != 0
        switch max(terms.stress, terms.share) {
        case _ where isAgainstCare: return .high
        case 667...: return .high
        case _ where isLanding: return .middle
        case 334...: return .middle
        default: return .low
        }
    }
}
