import Foundation
import KapwaDomain
import Testing

@Suite struct PermissionTests {
    @Test("the contract's table of who may do what is the one that is checked")
    func documented() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/protocol.md"), encoding: .utf8)
        #expect(text.contains(Self.table), "docs/protocol.md should have this table:\n\(Self.table)")
    }

    /// The whole matrix as the contract prints it.
    private static var table: String {
        let roles = Role.allCases.filter { $0 != .worker }
        var lines = [
            "| command | " + roles.map { "`\($0.rawValue)`" }.joined(separator: " | ") + " |",
            "|---|" + roles.map { _ in "---|" }.joined(),
        ]
        for kind in Command.Kind.allCases {
            let cells = roles.map { role in
                switch Permission.extent(of: kind, for: role) {
                case .yes: "yes"
                case .own: "own"
                case .no: ""
                }
            }
            lines.append("| `\(kind.rawValue)` | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n").replacing("|  |", with: "| |").replacing("|  |", with: "| |")
    }

    @Test("a worker has no command, and each command somebody who may")
    func workers() {
        for kind in Command.Kind.allCases {
            #expect(Permission.extent(of: kind, for: .worker) == .no, "\(kind)")
            #expect(!Permission.roles(for: kind).isEmpty, "\(kind)")
        }
    }

    @Test("who looks on changes nothing", arguments: [Role.observer, .wellbeing, .auditor])
    func onlookers(role: Role) {
        for body in Self.bodies where !body.isRead {
            #expect(Permission.extent(of: body.kind, for: role) == .no, "\(role) may send \(body.type)")
        }
    }

    @Test("without keys every peer is middleware and supervisor, of every tenant, and may send everything")
    func keyless() {
        for body in Self.bodies {
            for tenant in ["main", "other"] as [TenantID] {
                let by = Person(role: "supervisor", name: "Liza")
                #expect(Caller.keyless.refusal(of: Command(id: "c", tenant: tenant, by: by, body: body)) == nil)
            }
        }
        #expect(Caller.keyless.form(of: .talkSuggested(TalkSuggested())) == .hidden)
    }

    @Test("a refusal says who may")
    func sentence() throws {
        let observer = Caller(key: "wall", roles: [.observer], tenant: "main")
        let refusal = try #require(
            observer.refusal(of: Command(id: "c", body: .breakGrant(BreakGrant(agent: "ana", reason: "x")))))
        #expect(refusal.code == .notPermitted)
        #expect(refusal.field == "type")
        #expect(refusal.message.contains("supervisor"), "\(refusal.message)")
    }

    @Test("a key speaks of its own tenant alone, whether there is another or not")
    func tenants() {
        let crm = Caller(key: "crm", roles: [.middleware], tenant: "main")
        #expect(crm.refusal(of: Command(id: "c", tenant: "main", body: .ping)) == nil)
        let refusal = crm.refusal(of: Command(id: "c", tenant: "other", body: .ping))
        #expect(refusal?.code == .notPermitted)
        #expect(refusal?.field == "tenant")
    }

    @Test("an agent's key acts for that agent alone, in each command that is an agent's")
    func agents() {
        let ana = Caller(key: "ana-desk", roles: [.agent], tenant: "main", agents: .these(["ana"]))
        for body in Self.bodies(of: "ana") { #expect(ana.refusal(of: Command(id: "c", body: body)) == nil, "\(body)") }
        for body in Self.bodies(of: "ben") {
            #expect(ana.refusal(of: Command(id: "c", body: body))?.field == "agent", "\(body)")
        }
        let customer = ConversationMessage(conversation: "c-1", from: .customer, text: "x")
        #expect(ana.refusal(of: Command(id: "c", body: .conversationMessage(customer)))?.field == "from")
    }

    @Test("an agent writes in the agent's own conversations, and opens new ones")
    func holders() {
        let ana = Caller(key: "ana-desk", roles: [.agent], tenant: "main", agents: .these(["ana"]))
        let message = Command(
            id: "c",
            body: .conversationMessage(ConversationMessage(conversation: "c-1", from: .agent, text: "x", agent: "ana")))
        let close = Command(
            id: "c", body: .conversationClose(ConversationClose(conversation: "c-1", outcome: .resolved)))
        let mine = Caller.Whereabouts(isOpen: true, queue: "main", agent: "ana")
        let other = Caller.Whereabouts(isOpen: true, queue: "main", agent: "ben")
        for command in [message, close] {
            #expect(ana.refusal(of: command, at: mine) == nil)
            #expect(ana.refusal(of: command, at: other)?.code == .notPermitted)
            #expect(
                ana.refusal(of: command, at: Caller.Whereabouts(isOpen: true, queue: "main"))?.code == .notPermitted)
            #expect(ana.refusal(of: command, at: nil) == nil)
        }
        #expect(ana.refusal(of: message, at: Caller.Whereabouts(isOpen: false, agent: "ben")) == nil)
    }

    @Test("a key that is bound to queues acts on conversations of these, and names one to open another")
    func queues() {
        let food = Caller(key: "food", roles: [.middleware], tenant: "main", queues: ["food", "late"])
        func message(_ queue: QueueID?) -> Command {
            Command(
                id: "c",
                body: .conversationMessage(
                    ConversationMessage(conversation: "c-1", from: .customer, text: "x", channel: .chat, queue: queue)))
        }
        #expect(food.refusal(of: message("food")) == nil)
        #expect(food.refusal(of: message("billing"))?.field == "queue")
        #expect(food.refusal(of: message("food"), at: nil) == nil)
        #expect(food.refusal(of: message(nil), at: nil)?.field == "queue")
        #expect(food.refusal(of: message(nil), at: Caller.Whereabouts(isOpen: true, queue: "late")) == nil)
        #expect(
            food.refusal(of: message(nil), at: Caller.Whereabouts(isOpen: true, queue: "billing"))?.code
                == .notPermitted)
        #expect(food.refusal(of: message(nil), at: Caller.Whereabouts(isOpen: true))?.code == .notPermitted)
        let offer = Command(id: "c", body: .offerAccept(OfferAnswer(offer: "o1", agent: "ana")))
        #expect(food.refusal(of: offer, at: Caller.Whereabouts(isOpen: true, queue: "billing"))?.code == .notPermitted)
    }

    @Test("nobody lends a person more than the key has")
    func persons() {
        let crm = Caller(key: "crm", roles: [.middleware], tenant: "main")
        let lead = Caller(key: "lead", roles: [.supervisor], tenant: "main")
        let ana = Caller(key: "ana-desk", roles: [.agent], tenant: "main", agents: .these(["ana"]))
        func command(_ role: String) -> Command {
            Command(id: "c", by: Person(role: role, name: "x"), body: .breakEnd(BreakEnd(agent: "ana", reason: "x")))
        }
        #expect(crm.refusal(of: command("supervisor"))?.field == "by.role")
        #expect(ana.refusal(of: command("supervisor"))?.field == "by.role")
        #expect(lead.refusal(of: command("supervisor")) == nil)
        #expect(lead.refusal(of: command("auditor"))?.field == "by.role")
        #expect(crm.refusal(of: command("agent")) == nil)
        #expect(crm.refusal(of: command("teamlead")) == nil, "a word that is no role gives no right")
        // Without a name it would be the agent's own word.
        #expect(lead.refusal(of: Command(id: "c", body: .breakEnd(BreakEnd(agent: "ana"))))?.field == "by")
        #expect(lead.refusal(of: command("agent"))?.field == "by")
    }

    @Test("what another router did is middleware's to tell, what a supervisor decides a supervisor's")
    func assignments() {
        let crm = Caller(key: "crm", roles: [.middleware], tenant: "main")
        let lead = Caller(key: "lead", roles: [.supervisor], tenant: "main")
        for source in ConversationAssign.Source.allCases {
            let command = Command(
                id: "c",
                body: .conversationAssign(ConversationAssign(conversation: "c-1", agent: "ana", source: source)))
            #expect((crm.refusal(of: command) == nil) == (source != .supervisor))
            #expect((lead.refusal(of: command) == nil) == (source == .supervisor))
        }
    }

    @Test("what an agent carries is read by the agent, by wellbeing and by auditors")
    func forms() {
        let stressed = Event.Body.agentStressed(.with { $0.agent = "ana" })
        let invited = Event.Body.breakInvited(.with { $0.agent = "ana" })
        let offer = Event.Body.offerMade(.with { $0.agent = "ana" })
        let talk = Event.Body.talkSuggested(.with { $0.agent = "ana" })
        let opened = Event.Body.conversationOpened(ConversationOpened())
        func forms(_ role: Role, _ agents: [AgentID] = []) -> [EventForm] {
            let caller = Caller(key: "k", roles: [role], tenant: "main", agents: .these(agents))
            return [stressed, invited, offer, talk, opened].map(caller.form)
        }
        #expect(forms(.middleware) == [.hidden, .hidden, .open, .hidden, .open])
        #expect(forms(.middleware, ["ana"]) == [.own, .own, .own, .hidden, .open])
        #expect(forms(.supervisor) == [.hidden, .hidden, .open, .hidden, .open])
        #expect(forms(.observer) == [.hidden, .hidden, .open, .hidden, .open])
        #expect(forms(.agent, ["ana"]) == [.own, .own, .own, .hidden, .hidden])
        #expect(forms(.agent, ["ben"]) == [.hidden, .hidden, .hidden, .hidden, .hidden])
        #expect(forms(.wellbeing) == [.full, .hidden, .open, .full, .open])
        #expect(forms(.auditor) == [.full, .full, .full, .full, .full])
    }

    @Test("an agent reads the agent's own rows, a key bound to queues those of its queues")
    func rows() {
        let rows = StateRows(
            rows: .conversations([
                .with { ($0.conversation, $0.agent) = ("c-1", "ana") },
                .with { ($0.conversation, $0.agent) = ("c-2", "ben") }, .with { $0.conversation = "c-3" },
            ]), next: nil, sequence: 9)
        func names(_ caller: Caller) -> [ConversationID] {
            let places: [ConversationID: QueueID] = ["c-1": "food", "c-2": "food", "c-3": "billing"]
            let visible = caller.visible(rows) { Caller.Whereabouts(isOpen: true, queue: places[$0]) }
            guard case .conversations(let rows) = visible.rows else { return [] }
            return rows.map(\.conversation)
        }
        #expect(names(Caller(key: "k", roles: [.agent], tenant: "main", agents: .these(["ana"]))) == ["c-1"])
        #expect(names(Caller(key: "k", roles: [.middleware], tenant: "main", queues: ["food"])) == ["c-1", "c-2"])
        #expect(names(Caller(key: "k", roles: [.observer], tenant: "main")) == ["c-1", "c-2", "c-3"])
    }

    @Test("who a customer is, is told to those who act on it, whoever else may see the conversation")
    func customers() {
        let row = ConversationRow.with {
            $0.conversation = "c-1"
            $0.agent = "ana"
            $0.customer = "mila"
        }
        let rows = StateRows(rows: .conversations([row]), next: nil, sequence: 1)
        for role in Role.allCases {
            let caller = Caller(
                key: "k", roles: [role], tenant: "main", agents: role == .agent ? .these(["ana"]) : .these([]))
            guard case .conversations(let seen) = caller.visible(rows, place: { _ in nil }).rows else { continue }
            let isTold = [.middleware, .supervisor, .auditor, .agent].contains(role)
            #expect(seen.map(\.customer) == [isTold ? "mila" : nil], "\(role)")
        }
        guard case .conversations(let seen) = Caller.keyless.visible(rows, place: { _ in nil }).rows else { return }
        #expect(seen.map(\.customer) == ["mila"])
    }

    /// What an agent may send in a name.
    private static func bodies(of agent: AgentID) -> [Command.Body] {
        [
            .agentState(AgentState(agent: agent, state: .ready)),
            .conversationMessage(ConversationMessage(conversation: "c-1", from: .agent, text: "x", agent: agent)),
            .offerAccept(OfferAnswer(offer: "o1", agent: agent)), .offerDecline(OfferAnswer(offer: "o1", agent: agent)),
            .wrapupDone(WrapupDone(agent: agent, conversation: "c-1")), .breakStart(BreakStart(agent: agent)),
            .breakEnd(BreakEnd(agent: agent)), .breakPostpone(BreakPostpone(agent: agent)),
            .stressReport(StressReport(agent: agent)),
        ]
    }

    /// One of each kind.
    private static var bodies: [Command.Body] {
        let now = Instant(milliseconds: 0)
        return bodies(of: "ana") + [
            .agentUpsert(AgentUpsert(agent: "ana")), .agentShift(AgentShift(agent: "ana", startsAt: now, endsAt: now)),
            .agentRemove(AgentRemove(agent: "ana", reason: "x")),
            .conversationUpdate(ConversationUpdate(conversation: "c-1")),
            .conversationTransfer(ConversationTransfer(conversation: "c-1", reason: "x")),
            .conversationAssign(ConversationAssign(conversation: "c-1", agent: "ana", source: .external)),
            .conversationClose(ConversationClose(conversation: "c-1", outcome: .resolved)),
            .breakGrant(BreakGrant(agent: "ana", reason: "x")),
            .conversationRetag(ConversationRetag(conversation: "c-1", tags: [], reason: "x")),
            .safetyAcknowledge(SafetyAcknowledge(conversation: "c-1")),
            .incidentDeclare(IncidentDeclare(topic: "x", until: now, reason: "x")),
            .incidentEnd(IncidentEnd(topic: "x")),
            .affinityLift(AffinityLift(customer: "m", agent: "ana", reason: "x", agreed: true)),
            .followupDone(FollowupDone(conversation: "c-1")), .feedbackRecord(FeedbackRecord(conversation: "c-1")),
            .queueEstimate(QueueEstimate(subject: .queue("main"))), .stateRead(StateRead(what: .agents)),
            .eventsRead(EventsRead(after: 0)), .ping,
        ]
    }
}
