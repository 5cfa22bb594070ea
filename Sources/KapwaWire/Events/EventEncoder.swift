public import KapwaDomain

/// An event as the journal keeps it: JSON objects, all but the first one possible to forget.
public struct EventParts: Sendable, Hashable {
    /// Everything that the state is made of, but for what is sealed.
    public var open: [UInt8]
    /// Names, topics, evidence, free words; empty when there are none or they were forgotten.
    public var personal: [UInt8]
    /// What weighed on an agent, and what danger a customer was in, which the state is made of too; empty when there is
    /// nothing of that, or its key was erased.
    public var sealed: [UInt8]

    public init(open: [UInt8], personal: [UInt8], sealed: [UInt8] = []) {
        self.open = open
        self.personal = personal
        self.sealed = sealed
    }
}

/// Writes events in all their forms. Reuses its buffers: keep one per thread.
public struct EventEncoder {
    /// The version of every event that is written today; readers refuse a greater one.
    public static let version = 1

    private var writer = FieldWriter()

    /// - Parameter dropsWords: whether people's own words, given as a reason, are left out of every form.
    public init(dropsWords: Bool = false) { writer.dropsWords = dropsWords }

    /// The journal's form.
    public mutating func parts(of event: Event) -> EventParts {
        write(event, masked: false, previous: event.previous)
        // Copies of the right size: the buffers are kept for the next event.
        return EventParts(
            open: Array(writer.open.bytes[...]), personal: Array(writer.personal.bytes[...]),
            sealed: Array(writer.sealed.bytes[...]))
    }

    /// The full form, as `events.read` gives it to those who may see it; appended.
    public mutating func full(_ event: Event, into out: inout ByteWriter) {
        write(event, masked: false, previous: event.previous)
        merge(into: &out)
    }

    /// The public form, as everybody on the socket sees it; appended. Not for an event that ``Event/Body/isPrivate``.
    ///
    /// No brief, and no customer's name; a break for stress reads `care` and says neither what brought it about nor in whose words, a hold for
    /// an agent's sake and the kind of an affinity read `care` too; of the cost, stress and share are one band, and sum
    /// and tier are left out because the others could be worked out from them.
    public mutating func publicForm(_ event: Event, into out: inout ByteWriter) {
        write(event, masked: true, previous: event.previous)
        merge(into: &out)
    }

    /// The full form as it goes to an agent's private topic: a copy, without `prev`; appended.
    public mutating func privateCopy(_ event: Event, into out: inout ByteWriter) {
        writeOwn(event, previous: nil, into: &out)
    }

    /// The same as somebody reads it back who may read that topic; appended.
    public mutating func ownForm(_ event: Event, into out: inout ByteWriter) {
        writeOwn(event, previous: event.previous, into: &out)
    }

    /// What an event says of an agent, for that agent to take away; appended. Of what is personal only what is the
    /// agent's own: what customers said of themselves is theirs.
    public mutating func account(_ event: Event, of agent: AgentID, into out: inout ByteWriter) {
        let isOwn = event.body.topicAgent == agent && event.body.conversation == nil
        write(event.withoutRunnerUp, masked: false, previous: event.previous)
        merge(into: &out, withPersonal: isOwn)
    }

    private mutating func writeOwn(_ event: Event, previous: Int64?, into out: inout ByteWriter) {
        write(event.withoutRunnerUp, masked: false, previous: previous)
        merge(into: &out)
    }

    private func merge(into out: inout ByteWriter, withPersonal: Bool = true) {
        Self.merge(
            EventParts(
                open: writer.open.bytes, personal: withPersonal ? writer.personal.bytes : [],
                sealed: writer.sealed.bytes), into: &out)
    }

    /// The full form from the journal's parts; appended. Bytes are copied, not read.
    public static func merge(_ parts: EventParts, into out: inout ByteWriter) {
        guard parts.personal.count > 2 || parts.sealed.count > 2, parts.open.count > 2 else {
            return out.raw(parts.open)
        }
        precondition(parts.open.last == UInt8(ascii: "}"), "an open part is an object")
        out.raw(parts.open.dropLast())
        for part in [parts.sealed, parts.personal] where part.count > 2 {
            out.byte(UInt8(ascii: ","))
            out.raw(part.dropFirst().dropLast())
        }
        out.byte(UInt8(ascii: "}"))
    }

    private mutating func write(_ event: Event, masked: Bool, previous: Int64?) {
        writer.masks = masked
        writer.leavesSealedOut = event.isErased
        writer.open.removeAll()
        writer.personal.removeAll()
        writer.sealed.removeAll()
        writer.open.byte(UInt8(ascii: "{"))
        writer.personal.byte(UInt8(ascii: "{"))
        writer.sealed.byte(UInt8(ascii: "{"))
        envelope(event, previous: previous)
        var body = event.body
        body.visit(&writer)
        writer.open.byte(UInt8(ascii: "}"))
        Self.end(&writer.personal)
        Self.end(&writer.sealed)
    }

    /// Closes an object, or leaves nothing of an empty one.
    private static func end(_ part: inout ByteWriter) {
        if part.count == 1 {
            part.removeAll()
        } else {
            part.byte(UInt8(ascii: "}"))
        }
    }

    private mutating func envelope(_ event: Event, previous: Int64?) {
        writer.open.raw("\"seq\":")
        writer.open.integer(event.sequence)
        if let previous {
            writer.open.raw(",\"prev\":")
            writer.open.integer(previous)
        }
        writer.open.raw(",\"v\":")
        writer.open.integer(Self.version)
        writer.open.raw(",\"tenant\":")
        writer.open.string(event.tenant.rawValue)
        writer.open.raw(",\"at\":")
        writer.open.instant(event.at)
        writer.open.raw(",\"type\":")
        writer.open.string(event.body.type)
        writer.open.raw(",\"cause\":")
        cause(event.cause)
    }

    private mutating func cause(_ cause: Event.Cause) {
        switch cause {
        case .command(let id):
            writer.open.raw("{\"id\":")
            writer.open.string(id.rawValue)
            writer.open.byte(UInt8(ascii: "}"))
        case .timer: writer.open.raw("\"timer\"")
        case .match: writer.open.raw("\"match\"")
        case .rules: writer.open.raw("\"rules\"")
        case .restart: writer.open.raw("\"restart\"")
        }
    }
}

extension Event {
    /// The same for an agent: what a colleague has had to carry is nobody else's business.
    public var withoutRunnerUp: Event {
        var event = self
        switch event.body {
        case .offerMade(var body):
            body.decision.runnerUp = nil
            event.body = .offerMade(body)
        case .offerAdvised(var body):
            body.decision.runnerUp = nil
            event.body = .offerAdvised(body)
        case .conversationAssigned(var body):
            body.decision?.runnerUp = nil
            event.body = .conversationAssigned(body)
        default: break
        }
        return event
    }
}
