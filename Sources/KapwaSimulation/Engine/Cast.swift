import Foundation
import KapwaDomain

/// A customer's affair while the day is played.
struct ContactActor {
    enum Phase { case ahead, waiting, talking, over }

    var phase = Phase.ahead
    /// Grows with every turn of events; what was entered before comes to nothing.
    var generation: Int32 = 0
    var agent: Int32 = -1
    /// Since when this episode is there, and since when an agent has it.
    var began = Instant(milliseconds: 0)
    var talkSince = Instant(milliseconds: 0)
    var talkLength: Milliseconds = 0
    /// What an agent who is not tired would still need.
    var left: Milliseconds = 0
    /// Messages since an agent listens, and in all.
    var told: Int32 = 0
    var messages: Int32 = 0
    var wasHard = false
    /// Whether this agent has been counted as having a hard contact with it.
    var isCounted = false
    var isEpisodeCounted = true
    var hasReturned = false
    var wasTransferred = false
    /// When either side last wrote, or the agent took it.
    var lastWord = Instant(milliseconds: 0)
    var offer: Int64 = 0
    var offeredTo: Int32 = -1
}

/// An agent while the day is played.
struct AgentActor {
    var presence = Presence.offline
    var isOnDuty = false
    var isConnected = true
    var isOnBreak = false
    /// What is running is for care.
    var isOnCareBreak = false
    var generation: Int32 = 0
    var contacts: [Int32] = []
    var duty: Int32 = -1
    var hadMeal = false
    /// True weariness, 0…1: what no router sees.
    var fatigue = 0.0
    var fatigueAt = SimulatedDay.begin
    var generator: SeededGenerator
    var invitedUntil = Instant(milliseconds: 0)
    /// Until when one of the contacts that are over was live.
    var wasLiveUntil = Instant(milliseconds: 0)
    /// When the last break ended, or to when the agent moved the one that is owed.
    var ownUntil = Instant(milliseconds: 0)

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Weariness halves in a quarter of an hour of break, in an hour away, in five hours of work; what follows from a
    /// contact is added. Not the router's ledger on purpose: a policy must not be judged by its own measure alone.
    mutating func rest(until now: Instant) {
        let minutes = Double(now - fatigueAt) / 60_000
        fatigueAt = now
        guard minutes > 0, fatigue > 0 else { return }
        let half = isOnBreak ? 15.0 : presence == .ready || !contacts.isEmpty ? 300.0 : 60.0
        fatigue *= Self.halved(minutes / half)
    }

    mutating func tire(by share: Double) { fatigue += (1 - fatigue) * share }
}

extension AgentActor {
    /// What is left after so many half-lives.
    private static func halved(_ count: Double) -> Double { exp2(-count) }
}
