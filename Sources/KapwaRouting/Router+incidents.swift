import KapwaDomain
import KapwaRules

extension Router {
    /// Brings the topic's playbook. It changes whom conversations of the topic need, and nothing of anyone's breaks.
    mutating func declareIncident(_ body: IncidentDeclare, by: Person?, at now: Instant) throws(Refusal) {
        guard body.until > now, body.until - now <= Limits.incidentMax else {
            throw Refusal(
                .invalidField,
                "until must lie ahead, by at most \(Limits.incidentMax / .hours(1)) hours; declare it again when it"
                    + " lasts longer", field: "until")
        }
        try Self.requireSupervisor(by, to: "declare an incident")
        guard state.incident(body.topic) != nil || state.incidents.count < Limits.incidentsMax else {
            throw Refusal(
                .wrongState, "\(Limits.incidentsMax) incidents last already, the most there can be; end one first",
                field: "topic", state: "too_many")
        }
        let playbook = rules.playbook(for: body.topic)
        let announcement = playbook.flatMap { $0.announcement.isEmpty ? nil : $0.announcement }
        emit(
            .incidentDeclared(
                .with {
                    $0.topic = body.topic
                    $0.text = body.text ?? announcement
                    $0.until = body.until
                    $0.drops = playbook?.drop.map(\.rawValue) ?? []
                    $0.by = by
                    $0.reason = .free(body.reason)
                }), at: now)
        refile(topic: body.topic, at: now)
    }

    mutating func endIncident(_ body: IncidentEnd, by: Person?, at now: Instant) throws(Refusal) {
        try Self.requireSupervisor(by, to: "end an incident")
        guard state.incident(body.topic) != nil else {
            throw Refusal(
                .wrongState, "no incident of topic \"\(body.topic)\" lasts", field: "topic", state: "none")
        }
        emitIncidentEnded(body.topic, by: by, reason: "command", at: now)
    }

    mutating func endIncidentInTime(_ topic: String, _ timer: RoutingTimer, at now: Instant) {
        guard state.incident(topic)?.until == timer.due else { return }
        emitIncidentEnded(topic, by: nil, reason: "time", at: now)
    }

    private mutating func emitIncidentEnded(_ topic: String, by: Person?, reason: String, at now: Instant) {
        emit(
            .incidentEnded(
                .with {
                    $0.topic = topic
                    $0.by = by
                    $0.reason = .word(reason)
                }), at: now)
        refile(topic: topic, at: now)
    }

    /// What waits with this topic needs other skills now.
    private mutating func refile(topic: String, at now: Instant) {
        for slot in state.queuedSlots where state.conversations[slot].topic == topic { rerank(slot, at: now) }
    }

    /// What the agents do while an incident of a conversation's topic lasts: the playbook's words and the incident's.
    func incidentBrief(_ topic: String?) -> String? {
        guard let topic, let incident = state.incident(topic) else { return nil }
        let parts = [rules.playbook(for: topic)?.text, incident.text].compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: "\n")
    }
}
