import KapwaDomain

extension RoutingState {
    /// Something happened that many write about.
    struct Incident: Sendable {
        var topic: String
        /// What customers and agents are told.
        var text: String?
        var declaredAt: Instant
        var until: Instant
        /// Skills that conversations of the topic need no longer.
        var drops: [SkillID]
        var timer: TimerQueue.Key
    }

    /// The incident of a topic that lasts.
    func incident(_ topic: String?) -> Incident? {
        guard let topic else { return nil }
        return incidents.first { $0.topic == topic }
    }

    mutating func applyIncidentDeclared(_ body: IncidentDeclared, _ event: Event) {
        let since = incident(body.topic)?.declaredAt ?? event.at
        removeIncident(body.topic)
        incidents.append(
            Incident(
                topic: body.topic, text: body.text, declaredAt: since, until: body.until,
                drops: body.drops.map { SkillID($0) }, timer: timers.set(.incident(body.topic), due: body.until)))
    }

    mutating func applyIncidentEnded(_ body: IncidentEnded) { removeIncident(body.topic) }

    private mutating func removeIncident(_ topic: String) {
        guard let index = incidents.firstIndex(where: { $0.topic == topic }) else { return }
        timers.cancel(incidents[index].timer)
        incidents.remove(at: index)
    }
}
