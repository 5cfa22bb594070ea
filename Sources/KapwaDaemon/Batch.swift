import KapwaDomain
import KapwaJournal
import KapwaWire

/// What was decided since the last commit.
struct Batch {
    var events: [Event] = []
    var messages: [PendingReply] = []
    var remembered: [RememberedReply] = []
    var rememberedByKey: [RememberedKey: Remembered] = [:]
    var commands = 0

    var isEmpty: Bool { events.isEmpty && messages.isEmpty && remembered.isEmpty }

    mutating func remember(_ key: RememberedKey, _ hash: BodyHash, _ reply: [UInt8], at now: Instant) {
        rememberedByKey[key] = Remembered(hash: hash, reply: reply)
        remembered.append(
            RememberedReply(
                tenant: key.tenant, sender: key.sender, id: key.id, hash: (hash.high, hash.low), reply: reply,
                at: now))
    }

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        messages.removeAll(keepingCapacity: true)
        remembered.removeAll(keepingCapacity: true)
        rememberedByKey.removeAll(keepingCapacity: true)
        commands = 0
    }
}
