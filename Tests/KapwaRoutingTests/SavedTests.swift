import KapwaDomain
import KapwaRules
import Testing

@testable import KapwaRouting

@Suite struct SavedTests {
    /// Parts that the value gives to a snapshot, and those that it has.
    private func parts<Value: Saved>(_: Value.Type, leftOut: Set<String> = []) -> (given: Int, had: Int) {
        var pass = SnapshotPass(counting: ())
        var value = Value.blank
        value.passFields(&pass)
        return (pass.parts, had(value, leftOut))
    }

    private func had(_ value: Any, _ leftOut: Set<String>) -> Int {
        Mirror(reflecting: value).children.reduce(0) { sum, child in
            if let label = child.label, leftOut.contains(label) { return sum }
            let inner = Mirror(reflecting: child.value)
            return sum + (inner.displayStyle == .tuple ? inner.children.count : 1)
        }
    }

    @Test("every stored part of every record goes into a snapshot, or is made anew by name")
    func nothingForgotten() {
        let counted: [String: (given: Int, had: Int)] = [
            "agent": parts(AgentRecord.self), "reservation": parts(AgentRecord.Reservation.self),
            "ended contact": parts(AgentRecord.EndedContact.self), "wrap-up": parts(AgentRecord.Wrapup.self),
            "worked": parts(WorkedTime.self), "span": parts(WorkedTime.Span.self),
            "break": parts(AgentBreak.self), "shift": parts(Shift.self), "begun": parts(BegunBreak.self),
            "invitation": parts(Invitation.self), "departed": parts(RoutingState.Departed.self),
            "sliding": parts(RoutingState.SlidingBreak.self), "ledger": parts(StressLedger.self),
            "team": parts(TeamCounts.self), "counted": parts(TeamCounts.Counted.self),
            "conversation": parts(ConversationRecord.self), "contact": parts(ConversationRecord.Contact.self),
            "aside": parts(ConversationRecord.Aside.self), "timer key": parts(TimerQueue.Key.self),
            "bar": parts(ConversationRecord.Bar.self),
            "wait timer": parts(ConversationRecord.WaitTimer.self),
            "departed key": parts(RoutingState.DepartedKey.self), "closed": parts(ClosedRecord.self),
            "filed": parts(FiledPlace.self, leftOut: ["classNumber"]), "group": parts(WaitingGroup.self),
            "placement": parts(Placement.self), "mood": parts(Mood.self), "tags": parts(Tags.self),
            "skills": parts(Skills.self), "skill": parts(Skills.Entry.self), "attributes": parts(Attributes.self),
            "attribute": parts(Attributes.Entry.self), "offer": parts(OfferRecord.self),
            "ended offer": parts(EndedOffer.self), "offer end": parts(RoutingState.OfferEnd.self),
            "topic": parts(RoutingState.Topic.self), "queue": parts(RoutingState.QueueState.self, leftOut: ["waiting"]),
            "queues": parts(QueueTable.self), "pace": parts(ServicePace.self),
            "phases": parts(RoutingState.PhaseCounts.self),
            "mode": parts(TeamMode.self), "own mode": parts(RoutingState.OwnMode.self),
            "customer": parts(RoutingState.CustomerRecord.self),
            "bad episode": parts(RoutingState.CustomerRecord.BadEpisode.self), "aversion": parts(Aversion.self),
            "followup": parts(RoutingState.Followup.self), "incident": parts(RoutingState.Incident.self),
            "handle times": parts(HandleTimes.self), "timers": parts(TimerQueue.self),
            "key": parts(RankedList.Key.self), "closed key": parts(RoutingState.ClosedKey.self),
            "entry": parts(RankedList.Entry.self),
        ]
        for (name, count) in counted { #expect(count.given == count.had, "\(name)") }

        var pass = SnapshotPass(counting: ())
        var state = RoutingState(tenant: "main")
        state.passFields(&pass)
        // The tenant comes before all, the past between; the others are made anew.
        let leftOut: Set<String> = [
            "tenant", "closed", "closedInOrder", "endedOffers", "endedOffersInOrder", "agentSlots",
            "conversationSlots", "freshConversations", "freshAgents", "touchedAgents", "index",
        ]
        let given = pass.parts
        #expect(given == had(state, leftOut))
        pass = SnapshotPass(counting: ())
        var past = SavedPast()
        past.passFields(&pass)
        let givenOfPast = pass.parts
        #expect(givenOfPast == had(past, []))
    }

    private func floor() throws -> Floor {
        var floor = Floor()
        try floor.agent("ana", ["billing": 2])
        try floor.assigned("k1", [.frustration: 800])
        try floor.message("k2", customer: "c1", priority: 5, topic: "storm")
        try floor.message("k3", [.abuse: 900], abuse: Abuse(kind: .insult, target: .agent))
        return floor
    }

    @Test("numbers of any size come back as they went")
    func numbers() {
        var values: [Int64] = [0, -1, 1, 63, 64, -64, -65, .max, .min]
        for bits in 1..<63 { values += [1 << Int64(bits), -(1 << Int64(bits)), (1 << Int64(bits)) - 1] }
        var pass = SnapshotPass(writing: 1)
        values.passFields(&pass)
        let bytes = pass.bytes()
        bytes.withUnsafeBytes { bytes in
            var reading = SnapshotPass(reading: bytes)
            var again: [Int64] = []
            again.passFields(&reading)
            #expect(again == values)
            let isWhole = reading.isWhole
            #expect(isWhole)
        }
    }

    @Test("a saved state that was cut off, lengthened, or has one byte changed is refused or still a state")
    func damage() throws {
        let bytes = try floor().router.state.saved()
        for length in 0..<bytes.count {
            #expect(throws: SavedStateError.self) {
                try Array(bytes[..<length]).withUnsafeBytes { try RoutingState(saved: $0) }
            }
        }
        #expect(throws: SavedStateError.damaged) { try (bytes + [1]).withUnsafeBytes { try RoutingState(saved: $0) } }
        for place in bytes.indices {
            var broken = bytes
            broken[place] ^= 0x10
            // Nothing may trap; a checksum around the bytes tells damage from truth.
            _ = try? broken.withUnsafeBytes { try RoutingState(saved: $0) }
        }
    }

    @Test("a saved state of another form, or of other words, is told from damage")
    func otherForm() throws {
        let bytes = try floor().router.state.saved()
        var later = bytes
        // The version is the first number: 7 stands for -2.
        later[0] = 7
        #expect(throws: SavedStateError.otherForm(found: -2)) {
            try later.withUnsafeBytes { try RoutingState(saved: $0) }
        }
        var words = bytes
        let chat = try #require(bytes.indices.first { Array(bytes[$0...].prefix(4)) == Array("chat".utf8) })
        words[chat] = UInt8(ascii: "C")
        #expect(throws: SavedStateError.otherForm(found: RoutingState.savedVersion)) {
            try words.withUnsafeBytes { try RoutingState(saved: $0) }
        }
    }

    @Test("equal states give equal bytes, whatever the order of their tables in memory")
    func sameBytes() throws {
        let first = try floor()
        var second = RoutingState(tenant: "main")
        for event in first.events { second.apply(event) }
        var third = RoutingState(tenant: "main")
        for event in first.events { third.apply(event) }
        #expect(second.saved() == third.saved())
    }

    @Test("a state that forgets a customer is the one that events without the customer's facts make")
    func forget() throws {
        var floor = try floor()
        try floor.message("k4", customer: "c1", topic: "storm")
        try floor.send(.conversationClose(ConversationClose(conversation: "k4", outcome: .abandoned)))
        try floor.message("k5", customer: "c2", topic: "storm")
        var whole = RoutingState(tenant: "main")
        var without = RoutingState(tenant: "main")
        for event in floor.events {
            whole.apply(event)
            var bare = event
            if case .conversationOpened(var body) = event.body, body.customer == "c1" {
                body.customer = nil
                body.topic = nil
                bare.body = .conversationOpened(body)
            }
            without.apply(bare)
        }
        #expect(whole.saved() != without.saved())
        whole.forget("c1")
        #expect(whole.saved() == without.saved())
        #expect(whole.customer(of: "k5") == "c2")
    }
}
