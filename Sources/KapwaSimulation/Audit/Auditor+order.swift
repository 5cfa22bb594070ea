import KapwaDomain

/// Nobody is overtaken at an agent who could have been asked for them.
extension Auditor {
    /// Who waited before, and could have had the agent in place of the one that is offered.
    struct Overtaken {
        var key: ContactKey
        var agent: AgentID
        var by: ConversationID
    }

    /// The soft tests, as a tier of the cost.
    func tier(_ episode: EpisodeModel, _ agent: AgentModel) -> Int {
        guard episode.safety != .explicit else { return 0 }
        let isHard = episode.peaks.isHard
        let hasDeclined = episode.bars[agent.id].map { $0.until <= now } ?? false
        let wouldBeThird = isHard && agent.streak >= 2
        let landing = agent.isLanding(at: now) ? 1 : 0
        return (hasDeclined ? 8 : 0) + (wouldBeThird ? 4 : 0) + (isHard ? 2 * landing : 0) + landing
    }

    /// Notes, at the instant of an offer, whoever of smaller rank passes every hard test for its agent, with tier 1 at
    /// most or after a hold.
    ///
    /// Whether that breaks a rule shows when the batch is through: a later offer of the same batch may have been made to
    /// them. Ranks are those of the matching, when all commands of the batch are done; what became possible by what came
    /// after an offer (a reservation, a hold that begins) is no part of it.
    func noteOvertaken(by episode: EpisodeModel, at agent: AgentModel) {
        for queue in waiting.values {
            for other in queue.values where other !== episode && other.isBefore(episode) {
                if let opens = other.opensAt, opens > now { continue }
                guard tier(other, agent) <= 1 || other.held.map({ $0.until <= now }) ?? false,
                    isCandidate(agent, for: other), firstFailed(other, agent) == nil
                else { continue }
                touched.overtaken.append(Overtaken(key: other.key, agent: agent.id, by: episode.id))
            }
        }
    }

    func checkOrder() {
        for overtaken in touched.overtaken {
            guard let episode = episodes[overtaken.key.conversation], episode.key == overtaken.key,
                episode.phase == .queued
            else { continue }
            found("\(overtaken.by) got \(overtaken.agent), for whom \(episode.id) of smaller rank still waits")
        }
    }
}
