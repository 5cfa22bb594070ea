import Foundation
import KapwaDomain

/// The published formulas, written out once more from their text and with other means than the heart's.
enum AuditArithmetic {
    /// Units of a contact: a chat grows with its hardness, nothing else does.
    static func units(_ channel: Channel, hardness: Int) -> Int {
        switch channel {
        case .voice, .callback: return 100
        case .email, .sms: return 15
        case .chat, .social:
            let thousandths = 25 * (1_000 + 2 * max(0, hardness - 500))
            return (thousandths + 999) / 1_000
        }
    }

    /// Milli-contacts of one contact.
    static func points(peak: Int, minutes: Int, abuse: Int, hard: Bool) -> Int {
        let strain = min(1_200, 4 * max(0, peak - 600))
        let time = hard ? min(600, 50 * minutes) : 0
        return strain + time + (abuse >= 500 ? 1_000 : 0)
    }

    /// Minutes of head start by the standard rules.
    static func points(of tags: Tags, priority: Int, bad: Bool) -> Int {
        var points = priority * 60 / 100
        if tags.urgency.milli >= 700 { points += 30 }
        if tags.distress.milli >= 700 { points += 30 }
        if tags.family.milli >= 500 && (tags.urgency.milli >= 500 || tags.distress.milli >= 500) { points += 10 }
        if bad { points += 10 }
        return min(240, points)
    }

    /// What is left of a ledger after a time at one pace: halved once per half-life, in 256 parts of it.
    static func decayed(_ ledger: Int, after time: Milliseconds, halfLife: Milliseconds) -> Int {
        guard ledger > 0, time > 0 else { return ledger }
        let halvings = time / halfLife
        guard halvings < 62 else { return 0 }
        let part = (time % halfLife) * 256 / halfLife
        let factor = UInt64(exp2(32 - Double(part) / 256))
        return Int((UInt64(ledger >> Int(halvings)) * factor) >> 32)
    }
}

/// The stress of one agent, from a point at which it was known.
struct LedgerModel {
    enum Pace { case working, away, resting }

    var anchor = 0
    var anchoredAt: Instant
    var pace = Pace.away

    init(anchoredAt: Instant) { self.anchoredAt = anchoredAt }

    func value(at now: Instant) -> Int {
        let halfLife: Milliseconds =
            switch pace {
            case .working: .minutes(90)
            case .away: .minutes(15)
            case .resting: .minutes(5)
            }
        return AuditArithmetic.decayed(anchor, after: now - anchoredAt, halfLife: halfLife)
    }

    mutating func anchor(_ value: Int, at now: Instant) {
        anchor = max(0, value)
        anchoredAt = now
    }

    /// Goes on at another pace; the same pace leaves the anchor where it is.
    mutating func go(_ pace: Pace, at now: Instant) {
        guard pace != self.pace else { return }
        anchor(value(at: now), at: now)
        self.pace = pace
    }
}
