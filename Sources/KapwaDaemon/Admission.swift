import KapwaDomain
import KapwaSentiment

/// What is let in when much waits, and what is remembered afterwards.
enum Admission {
    /// Why a command is refused for want of room; `nil` lets it in.
    ///
    /// From 60 % openings wait outside, from 90 % everything but what gives room back: answers to offers, closing,
    /// wrap-up, breaks, presence. Somebody in danger always gets in.
    ///
    /// - Parameter isOpen: whether an episode of the conversation is not closed.
    /// - Parameter wait: how long to wait until there is less than the mark that refuses it.
    static func refusal(
        _ command: Command, fill: Double, isOpen: (ConversationID) -> Bool, wait: (_ mark: Double) -> Milliseconds
    ) -> Refusal? {
        guard fill >= Limits.mailboxOpeningsRatio else { return nil }
        let isMostly = fill >= Limits.mailboxMostRatio
        var mark = Limits.mailboxMostRatio
        switch command.body {
        case .offerAccept, .offerDecline, .conversationClose, .wrapupDone, .breakStart, .breakEnd, .breakPostpone,
            .breakGrant, .agentState, .stressReport, .safetyAcknowledge:
            return nil
        case .conversationMessage(let body):
            if body.assessment?.safetyLevel == .explicit { return nil }
            let opens = !isOpen(body.conversation)
            guard isMostly || opens else { return nil }
            if opens { mark = Limits.mailboxOpeningsRatio }
        default:
            guard isMostly else { return nil }
        }
        return Refusal(
            .overloaded, "more has come in than can be worked off; send it again later", retryAfter: wait(mark))
    }

    /// As ``refusal(_:fill:isOpen:wait:)``, but words that no worker scored are scored before they are refused: nobody in
    /// danger is turned away because the workers are behind.
    static func refusal(
        _ command: inout Command, fill: Double, isOpen: (ConversationID) -> Bool, scored: (Command) -> Command,
        wait: (_ mark: Double) -> Milliseconds
    ) -> Refusal? {
        guard fill >= Limits.mailboxOpeningsRatio else { return nil }
        if case .conversationMessage = command.body, command.body.unscored != nil,
            refusal(command, fill: fill, isOpen: isOpen, wait: { _ in Limits.retryAfter.lowerBound }) != nil
        {
            command = scored(command)
        }
        return refusal(command, fill: fill, isOpen: isOpen, wait: wait)
    }

    /// Whether the same id is answered the same again: not a mere renewal of a lease.
    static func isRemembered(_ command: Command, _ accepted: Reply.Accepted) -> Bool {
        if case .agentState = command.body { return accepted.sequence > 0 }
        return !command.body.isRead
    }
}

extension Command {
    /// Scores a customer's words if no worker did.
    func scored(by scorer: Scorer) -> Command {
        guard let unscored = body.unscored else { return self }
        var command = self
        command.body.setAssessment(scorer.score(unscored.text, language: unscored.language))
        return command
    }
}

extension Command.Body {
    /// A customer's words that nobody scored yet.
    var unscored: (text: String, language: Assessment.Language?)? {
        switch self {
        case .conversationMessage(let body):
            let isWaiting = body.from == .customer && body.assessment == nil && !body.text.isEmpty
            return isWaiting ? (body.text, body.language) : nil
        case .feedbackRecord(let body):
            guard let comment = body.comment, !comment.isEmpty, body.assessment == nil else { return nil }
            return (comment, nil)
        default: return nil
        }
    }

    /// The customer whom the command names.
    var customer: CustomerID? {
        get {
            switch self {
            case .conversationMessage(let body): body.customer
            case .conversationUpdate(let body): body.customer
            case .affinityLift(let body): body.customer
            default: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .conversationMessage(var body):
                body.customer = newValue
                self = .conversationMessage(body)
            case .conversationUpdate(var body):
                body.customer = newValue
                self = .conversationUpdate(body)
            case .affinityLift(var body):
                body.customer = newValue
                self = .affinityLift(body)
            default: return
            }
        }
    }

    mutating func setAssessment(_ assessment: Assessment) {
        switch self {
        case .conversationMessage(var body):
            body.assessment = assessment
            self = .conversationMessage(body)
        case .feedbackRecord(var body):
            body.assessment = assessment
            self = .feedbackRecord(body)
        default: return
        }
    }
}
