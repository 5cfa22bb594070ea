import KapwaDomain

extension WhyWords {
    /// What an event of a conversation's story says, without its time; `nil` for one that adds nothing.
    ///
    /// - Parameters:
    ///   - answers: Of everybody who was asked before.
    ///   - before: Where the conversation stood.
    static func story(
        _ body: Event.Body, _ audience: WhyAudience, after answers: OfferAnswers, from before: Placement?
    ) -> String? {
        switch body {
        case .conversationOpened(let opened): opening(opened)
        case .conversationQueued(let placed): placing("entered queue \(placed.placement.queue)", placed)
        case .conversationRequeued(let placed):
            placing("went back to queue \(placed.placement.queue)\(because(placed.reason))", placed)
        case .conversationRelaxed(let placed):
            "step \(placed.placement.step) of queue \(placed.placement.queue) began: needs"
                + " \(needs(placed.placement.needs)) now"
        case .conversationHeld(let held):
            "was held until \(clock(held.until)) for \(hold(held.reason, audience, after: answers))"
        case .conversationUpdated(let updated): updated.placement.flatMap { moving(from: before, to: $0) }
        case .incidentDeclared(let incident): declaring(incident)
        case .incidentEnded(let incident): "the incident \(incident.topic) was over"
        case .rulesChanged(let change): "the rules were changed; this is version \(change.version)"
        case .conversationParked(let parked):
            "was parked: \(parked.agent) is on a break" + (parked.until.map { ", back about \(clock($0))" } ?? "")
        case .conversationResumed(let parked): "went on with \(parked.agent)\(because(parked.reason))"
        case .conversationUnroutable: "nobody, ready or not, has what it needs"
        case .agentReserved(let reserved):
            "\(reserved.agent) was kept free for it until \(clock(reserved.until)) at the latest"
        case .offerMade(let made): "\(made.agent) was asked, to answer by \(clock(made.expiresAt))"
        case .offerAdvised(let advised): "\(advised.agent) would have been asked"
        case .offerDeclined(let ended): "\(ended.agent) declined" + barred(ended)
        case .offerExpired(let ended): "\(ended.agent) did not answer\(because(ended.reason))" + barred(ended)
        case .offerWithdrawn(let ended): "the offer to \(ended.agent) was withdrawn\(because(ended.reason))"
        case .conversationAssigned(let assigned): assignment(assigned, audience)
        case .conversationClosed(let closed):
            "closed as \(closed.outcome.rawValue) after \(time(closed.waitedMilliseconds)) of waiting"
        case .safetyRaised(let raised): "somebody may be in danger: told to \(raised.to)"
        case .safetyAcknowledged: "the danger was acknowledged"
        case .handoverOffered(let offered): "\(offered.agent) may hand it over: a break is due"
        default: nil
        }
    }

    private static func opening(_ opened: ConversationOpened) -> String {
        guard let after = opened.after else { return "opened by \(opened.channel.rawValue)" }
        let carried: String
        switch after.carries {
        case .place: carried = "; it kept its place"
        case .history: carried = "; it kept its history"
        case .nothing: carried = ""
        }
        return "opened again by \(opened.channel.rawValue), episode \(opened.episode)\(carried)"
    }

    private static func placing(_ words: String, _ placed: ConversationPlaced) -> String {
        let placement = placed.placement
        var sentence = "\(words) as number \(placement.position), needs \(needs(placement.needs))"
        if placement.safety { sentence += ", before all others: somebody may be in danger" }
        if placement.points > 0 && !placement.safety { sentence += ", \(placement.points) min head start" }
        if placed.reason == .word("closed"), let until = placed.until { sentence += "; closed until \(clock(until))" }
        if let agent = placed.onlyAgent, let until = placed.onlyUntil {
            sentence += "; \(agent) alone until \(clock(until))"
        }
        return sentence
    }

    /// Another queue or other needs; a new rank alone says nothing.
    private static func moving(from before: Placement?, to after: Placement) -> String? {
        guard let before else { return nil }
        if after.queue != before.queue {
            return "went to queue \(after.queue) as number \(after.position), needs \(needs(after.needs))"
        }
        if after.safety && !before.safety { return "came before all others: somebody may be in danger" }
        return after.needs == before.needs ? nil : "needs \(needs(after.needs)) now"
    }

    private static func declaring(_ incident: IncidentDeclared) -> String {
        let words = "the incident \(incident.topic) was declared, until \(clock(incident.until))"
        guard !incident.drops.isEmpty else { return words }
        return "\(words): \(list(incident.drops)) \(incident.drops.count == 1 ? "is" : "are") needed no longer for it"
    }

    private static func assignment(_ assigned: ConversationAssigned, _ audience: WhyAudience) -> String {
        let waited = "after \(time(assigned.waitedMilliseconds))"
        switch assigned.source {
        case .offer: return "\(assigned.agent) took it \(waited)"
        case .agent: return "\(assigned.agent) wrote first and has it"
        case .external:
            return "another router gave it to \(assigned.agent)" + broken(assigned.violations, audience)
        case .fallback:
            return "it went to \(assigned.agent) while Kapwa was away" + broken(assigned.violations, audience)
        case .supervisor:
            let aside = list(names(assigned.overrides.map(\.rawValue), audience))
            return "a supervisor gave it to \(assigned.agent)" + (aside.isEmpty ? "" : ", setting aside \(aside)")
        }
    }

    private static func broken(_ violations: [String], _ audience: WhyAudience) -> String {
        violations.isEmpty ? "" : ", against \(list(names(violations, audience)))"
    }

    /// Names of rules; what tells how the agent fares only to an auditor.
    private static func names(_ rules: [String], _ audience: WhyAudience) -> [String] {
        audience == .auditor ? rules : Override.publicNames(rules)
    }

    private static func barred(_ ended: OfferEnded) -> String {
        ended.barredUntil.map { "; not asked again before \(clock($0))" } ?? ""
    }

    /// A person's own words are not repeated here.
    private static func because(_ reason: Reason?) -> String {
        guard let reason, !reason.isFree else { return "" }
        return " (\(reason.text.replacing("_", with: " ")))"
    }

    /// What a hold waits for, as `another who …`.
    static func hold(_ reason: Reason?, _ audience: WhyAudience, after answers: OfferAnswers) -> String {
        switch reason?.text {
        case "declined_before":
            switch answers.kind {
            case .silent: "somebody who has not left it unanswered"
            case .declined: "somebody who has not declined it"
            case .both: "somebody who has neither declined it nor left it unanswered"
            }
        case "streak_cap" where audience == .auditor: "somebody who has not had two hard contacts in a row"
        case "soft_landing" where audience == .auditor: "somebody who is not just back from a break"
        default: "somebody who has had less to carry"
        }
    }
}
