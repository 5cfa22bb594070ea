import KapwaDomain
import Testing

@testable import KapwaRouting
@testable import KapwaSimulation

/// A state that is saved and read back, on floors where anything happens.
@Suite struct SnapshotTests {
    private static func restored(_ state: RoutingState) throws -> RoutingState {
        try state.saved().withUnsafeBytes { try RoutingState(saved: $0) }
    }

    @Test("whatever a state holds it still holds when it was saved and read back", arguments: UInt64(1)...6)
    func everything(seed: UInt64) throws {
        var floor = RandomFloor(seed: seed, fullEvery: 1_000, keepsJournal: true)
        for _ in 0..<80 { floor.step() }
        var state = RoutingState(tenant: "main")
        for event in floor.journal { state.apply(event) }
        let again = try Self.restored(state)
        let told = Description.of(again)
        #expect(told == Description.of(state))
        #expect(again.digest == state.digest)
        #expect(again.nextDeadline == state.nextDeadline)
        #expect(again.brokenIndex() == [])
        #expect(again.saved() == state.saved())
    }

    @Test("a restart from a snapshot decides as one from the whole journal does, to the end of the floor")
    func sameDecisions() {
        var restarts = 0
        for seed in UInt64(1)...6 {
            var floor = RandomFloor(seed: seed, fullEvery: 1_000, keepsJournal: true)
            for part in 0..<4 {
                for _ in 0..<20 { floor.step() }
                floor.now = floor.now + Int64(part) * .minutes(7)
                floor.record(floor.checker.restart(replaying: floor.journal, at: floor.now))
                restarts += 1
            }
            for _ in 0..<20 { floor.step() }
            #expect(floor.checker.auditor.findings == [], "seed \(seed)")
        }
        #expect(restarts == 24)
    }

    @Test("what is read back carries on from the middle as the state that was never saved does")
    func carriesOn() throws {
        var floor = RandomFloor(seed: 5, fullEvery: 1_000, keepsJournal: true)
        for _ in 0..<200 { floor.step() }
        var state = RoutingState(tenant: "main")
        for (place, event) in floor.journal.enumerated() {
            if place % 50 == 17 { state = try Self.restored(state) }
            state.apply(event)
        }
        var whole = RoutingState(tenant: "main")
        for event in floor.journal { whole.apply(event) }
        #expect(Description.of(state) == Description.of(whole))
    }
}

/// Everything in a value, as text: two values with the same text are the same to the last field.
private enum Description {
    /// What is made anew, and what the next matching looks at: a start looks at everything.
    private static let leftOut: Set<String> = [
        "index", "freshConversations", "freshAgents", "touchedAgents", "classNumber", "hasherSeed",
    ]

    static func of(_ value: Any) -> String {
        if let list = value as? RankedList { return of(list.listed) }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .dictionary, .set:
            return "[" + mirror.children.map { of($0.value) }.sorted().joined(separator: ", ") + "]"
        case .none where mirror.children.isEmpty:
            return "\(value)"
        case .enum where mirror.children.isEmpty:
            return "\(value)"
        case .collection:
            return "[" + mirror.children.map { of($0.value) }.joined(separator: ", ") + "]"
        default:
            let parts = mirror.children.compactMap { child -> String? in
                if let label = child.label, leftOut.contains(label), !(value is HandleTimes) { return nil }
                return "\(child.label ?? ""):\(of(child.value))"
            }
            return "\(mirror.subjectType)(" + parts.joined(separator: ", ") + ")"
        }
    }
}
