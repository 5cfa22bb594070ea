public import KapwaDomain

/// Names of topics on the events socket. Each ends in a slash, so that none is another's prefix by accident.
public enum Topic {
    /// The one topic of an event: `TENANT/TYPE/`, or `TENANT/TYPE/AGENT/` where it is about an agent.
    public static func name(of event: Event) -> String {
        guard let agent = event.body.topicAgent else { return "\(event.tenant)/\(event.body.type)/" }
        return "\(event.tenant)/\(event.body.type)/\(agent)/"
    }

    /// Where an agent's own events go whole: `TENANT/private/AGENT/`.
    public static func privateName(tenant: TenantID, agent: AgentID) -> String { "\(tenant)/private/\(agent)/" }

    /// Where the last sequence number is said once a second: `TENANT/heartbeat/`.
    public static func heartbeat(tenant: TenantID) -> String { "\(tenant)/heartbeat/" }

    /// A heartbeat's second frame; appended.
    public static func heartbeatBody(tenant: TenantID, sequence: Int64, now: Instant, into out: inout ByteWriter) {
        out.byte(UInt8(ascii: "{"))
        out.key("seq")
        out.integer(sequence)
        out.key("tenant")
        out.string(tenant.rawValue)
        out.key("at")
        out.instant(now)
        out.key("type")
        out.raw("\"heartbeat\"}")
    }
}
