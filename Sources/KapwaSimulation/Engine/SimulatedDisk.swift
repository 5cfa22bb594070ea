import KapwaDomain

/// The journal of a simulated daemon: whole events under a running checksum.
///
/// Bytes on a real disk are the journal's own matter and tested there; here it matters that what is read back is what
/// was committed, and that what is not is noticed.
struct SimulatedDisk {
    let isKept: Bool
    private(set) var events: [Event] = []
    /// After each event; of this process alone, and therefore never shown.
    private var chain: [Int] = []

    init(isKept: Bool) { self.isKept = isKept }

    mutating func append(_ new: [Event]) {
        for event in new {
            precondition(event.sequence == Int64(events.count + 1), "events are committed without gaps")
            chain.append(Self.link(chain.last ?? 0, event))
            events.append(event)
        }
    }

    private static func link(_ before: Int, _ event: Event) -> Int {
        var hasher = Hasher()
        hasher.combine(before)
        hasher.combine(event)
        return hasher.finalize()
    }

    /// The sequence of the first event that is not as it was written, with one bit of one event flipped; `nil` when
    /// nobody would notice.
    func verify(flipping bit: Int, at place: Int) -> Int64? {
        var before = 0
        for (index, event) in events.enumerated() {
            var read = event
            if index == place { read.at.milliseconds ^= Int64(1) << Int64(bit) }
            before = Self.link(before, read)
            if before != chain[index] { return event.sequence }
        }
        return nil
    }
}
