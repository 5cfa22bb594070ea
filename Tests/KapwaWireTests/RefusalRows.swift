import KapwaDomain

/// One row per way to be wrong: the frame, or the fields beside `id`; the code; the field that is named.
enum RefusalRows {
    typealias Row = (frame: String, code: RefusalCode, field: String?)

    static let malformed: [Row] = [
        ("", .malformed, nil), ("  ", .malformed, nil), ("nonsense", .malformed, nil), ("[]", .malformed, nil),
        (#""text""#, .malformed, nil), ("null", .malformed, nil), ("{", .malformed, nil), ("{}}", .malformed, nil),
        (#"{"id":"1","type":"ping"} x"#, .malformed, nil), (#"{"id":"1","type":"ping"}{}"#, .malformed, nil),
        (#"{"id":"1","id":"1","type":"ping"}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":1,"\u0078":2}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":{"a":1,"a":1}}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":"\ud83d"}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":"\ude00"}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":"\ud83d\ud83d"}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":"a\u0000b"}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","a\u0000b":1}"#, .malformed, nil),
        ("{\"id\":\"1\",\"type\":\"ping\",\"x\":\"a\nb\"}", .malformed, nil),
        (#"{"id":"1","type":"ping","x":01}"#, .malformed, nil),
        (#"{"id":"1","type":"ping","x":[[[[[[[[1]]]]]]]]}"#, .malformed, nil),
        (#"{"id":"1","type":"ping",}"#, .malformed, nil), ("{'id':'1'}", .malformed, nil),
        ("\u{FEFF}{\"id\":\"1\",\"type\":\"ping\"}", .malformed, nil),
    ]

    static let types: [Row] = [
        (#"{"type":"nonsense","id":"1"}"#, .unknownType, "type"), (#"{"type":"","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"nonsense"}"#, .unknownType, "type"), (#"{"type":"PING","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"agent.shift","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"break.postpone","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"conversation.retag","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"queue.estimate","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"feedback.record","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"followup.done","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"incident.declare","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"incident.end","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"affinity.lift","id":"1"}"#, .unknownType, "type"),
        (#"{"id":"1"}"#, .missingField, "type"), (#"{"type":7,"id":"1"}"#, .invalidField, "type"),
        ("{}", .missingField, "id"),
    ]

    static let common: [Row] = [
        (#"{"type":"ping"}"#, .missingField, "id"), (#"{"type":"ping","id":null}"#, .missingField, "id"),
        (#"{"type":"ping","id":""}"#, .invalidField, "id"), (#"{"type":"ping","id":1}"#, .invalidField, "id"),
        (#"{"type":"ping","id":"a b"}"#, .invalidField, "id"), (#"{"type":"ping","id":"ñ"}"#, .invalidField, "id"),
        (#"{"type":"ping","id":"\#(String(repeating: "a", count: 129))"}"#, .invalidField, "id"),
        (#"{"type":"ping","id":"1","tenant":"Main"}"#, .invalidField, "tenant"),
        (#"{"type":"ping","id":"1","tenant":"\#(String(repeating: "a", count: 33))"}"#, .invalidField, "tenant"),
        (#"{"type":"ping","id":"1","tenant":"other"}"#, .unknownTenant, "tenant"),
        (#"{"type":"ping","id":"1","at":1}"#, .invalidField, "at"),
        (#"{"type":"ping","id":"1","at":"yesterday"}"#, .invalidField, "at"),
        (#"{"type":"ping","id":"1","at":"2027-01-01T00:00:00Z"}"#, .invalidField, "at"),
        (#"{"type":"ping","id":"1","source":"a b"}"#, .invalidField, "source"),
        (#"{"type":"ping","id":"1","by":"Ana"}"#, .invalidField, "by"),
        (#"{"type":"ping","id":"1","by":{}}"#, .missingField, "by.role"),
        (#"{"type":"ping","id":"1","by":{"role":"lead"}}"#, .missingField, "by.name"),
        (#"{"type":"ping","id":"1","by":{"role":"lead","name":""}}"#, .invalidField, "by.name"),
        (
            #"{"type":"ping","id":"1","by":{"role":"lead","name":"\#(String(repeating: "a", count: 257))"}}"#,
            .tooLarge,
            "by.name"
        ),
    ]

    static let agents: [Row] = [
        (#""type":"agent.upsert""#, .missingField, "agent"),
        (#""type":"agent.upsert","agent":[]"#, .invalidField, "agent"),
        (#""type":"agent.upsert","agent":"a","skills":[]"#, .invalidField, "skills"),
        (#""type":"agent.upsert","agent":"a","skills":{"x":0}"#, .invalidField, "skills.x"),
        (#""type":"agent.upsert","agent":"a","skills":{"x":6}"#, .invalidField, "skills.x"),
        (#""type":"agent.upsert","agent":"a","skills":{"x":3.0}"#, .invalidField, "skills.x"),
        (#""type":"agent.upsert","agent":"a","skills":{"x":3e0}"#, .invalidField, "skills.x"),
        (#""type":"agent.upsert","agent":"a","skills":{"x":"3"}"#, .invalidField, "skills.x"),
        (#""type":"agent.upsert","agent":"a","skills":{"x":null}"#, .invalidField, "skills.x"),
        (#""type":"agent.upsert","agent":"a","skills":{"x y":3}"#, .invalidField, "skills"),
        (#""type":"agent.upsert","agent":"a","skills":\#(object(65, "1"))"#, .tooLarge, "skills"),
        (#""type":"agent.upsert","agent":"a","capacity":0"#, .invalidField, "capacity"),
        (#""type":"agent.upsert","agent":"a","capacity":1001"#, .invalidField, "capacity"),
        (#""type":"agent.upsert","agent":"a","capacity":18446744073709551615"#, .invalidField, "capacity"),
        (#""type":"agent.upsert","agent":"a","name":"\#(String(repeating: "é", count: 129))""#, .tooLarge, "name"),
        (#""type":"agent.upsert","agent":"a","attributes":7"#, .invalidField, "attributes"),
        (#""type":"agent.upsert","agent":"a","attributes":{"x":1.5}"#, .invalidField, "attributes.x"),
        (#""type":"agent.upsert","agent":"a","attributes":{"x":[1]}"#, .invalidField, "attributes.x"),
        (#""type":"agent.upsert","agent":"a","attributes":{"":1}"#, .invalidField, "attributes"),
        (#""type":"agent.upsert","agent":"a","attributes":\#(object(33, "1"))"#, .tooLarge, "attributes"),
        (
            #""type":"agent.upsert","agent":"a","attributes":{"x":"\#(String(repeating: "a", count: 257))"}"#,
            .tooLarge,
            "attributes.x"
        ),
        (#""type":"agent.state","agent":"a""#, .missingField, "state"),
        (#""type":"agent.state","agent":"a","state":"busy""#, .invalidField, "state"),
        (#""type":"agent.state","agent":"a","state":1"#, .invalidField, "state"),
        (#""type":"agent.state","agent":"a","state":"ready","ttl_s":9"#, .invalidField, "ttl_s"),
        (#""type":"agent.state","agent":"a","state":"ready","ttl_s":3601"#, .invalidField, "ttl_s"),
        (#""type":"agent.state","agent":"a","state":"ready","ttl_s":"60""#, .invalidField, "ttl_s"),
        (#""type":"agent.remove","agent":"a""#, .missingField, "reason"),
        (#""type":"wrapup.done","agent":"a""#, .missingField, "conversation"),
        (#""type":"wrapup.done","agent":"a","conversation":"c","hard":1"#, .invalidField, "hard"),
        (#""type":"break.start","agent":"a","kind":"nap""#, .invalidField, "kind"),
        (#""type":"break.start","agent":"a","minutes":0"#, .invalidField, "minutes"),
        (#""type":"break.start","agent":"a","minutes":241"#, .invalidField, "minutes"),
        (#""type":"break.end","agent":"a","by":{"role":"lead","name":"B"}"#, .missingField, "reason"),
        (#""type":"break.grant","agent":"a","reason":"r""#, .missingField, "by"),
        (#""type":"break.grant","agent":"a","by":{"role":"lead","name":"B"}"#, .missingField, "reason"),
        (#""type":"stress.report""#, .missingField, "agent"),
        (#""type":"safety.acknowledge","conversation":"c""#, .missingField, "by"),
    ]

    static let opened = #""type":"conversation.message","conversation":"c","from":"customer","text":"x""#
    static let conversations: [Row] = [
        (#""type":"conversation.message","from":"customer","text":"x""#, .missingField, "conversation"),
        (#""type":"conversation.message","conversation":"c","text":"x""#, .missingField, "from"),
        (#""type":"conversation.message","conversation":"c","from":"customer""#, .missingField, "text"),
        (#""type":"conversation.message","conversation":"c","from":"agent","text":"x""#, .missingField, "agent"),
        (#""type":"conversation.message","conversation":"c","from":"robot","text":"x""#, .invalidField, "from"),
        (#""type":"conversation.message","conversation":"c","from":"customer","text":5"#, .invalidField, "text"),
        (opened + #","return":"tags""#, .invalidField, "return"),
        (opened + #","return":["mood"]"#, .invalidField, "return[0]"),
        (opened + #","return":["tags",1]"#, .invalidField, "return[1]"),
        (opened + #","language":"xx""#, .invalidField, "language"),
        (opened + #","channel":"fax""#, .invalidField, "channel"),
        (opened + #","customer":"a b""#, .invalidField, "customer"),
        (opened + #","priority":101"#, .invalidField, "priority"),
        (opened + #","priority":-1"#, .invalidField, "priority"),
        (opened + #","priority":1.0"#, .invalidField, "priority"),
        (opened + #","hold":"yes""#, .invalidField, "hold"), (opened + #","topic":"""#, .invalidField, "topic"),
        (opened + #","prefer_agent":false"#, .invalidField, "prefer_agent"),
        (#""type":"conversation.update","conversation":"c""#, .missingField, nil),
        (#""type":"conversation.transfer","conversation":"c""#, .missingField, "reason"),
        (#""type":"conversation.assign","conversation":"c","agent":"a""#, .missingField, "as"),
        (#""type":"conversation.assign","conversation":"c","agent":"a","as":"offer""#, .invalidField, "as"),
        (
            #""type":"conversation.assign","conversation":"c","agent":"a","as":"supervisor","reason":"r""#,
            .missingField,
            "by"
        ),
        (
            #""type":"conversation.assign","conversation":"c","agent":"a","as":"supervisor","#
                + #""by":{"role":"s","name":"B"}"#,
            .missingField, "reason"
        ),
        (
            #""type":"conversation.assign","conversation":"c","agent":"a","as":"external","override":["skill"]"#,
            .invalidField, "override"
        ),
        (
            #""type":"conversation.assign","conversation":"c","agent":"a","as":"supervisor","reason":"r","#
                + #""by":{"role":"s","name":"B"},"override":["skill","break_owed"]"#, .invalidField, "override[1]"
        ),
        (#""type":"conversation.close","conversation":"c""#, .missingField, "outcome"),
        (#""type":"conversation.close","conversation":"c","outcome":"done""#, .invalidField, "outcome"),
        (#""type":"offer.accept","agent":"a""#, .missingField, "offer"),
        (#""type":"offer.decline","offer":"o1""#, .missingField, "agent"),
    ]

    static let reads: [Row] = [
        (#""type":"state.read""#, .missingField, "what"),
        (#""type":"state.read","what":"people""#, .invalidField, "what"),
        (#""type":"state.read","what":"agents","limit":0"#, .invalidField, "limit"),
        (#""type":"state.read","what":"agents","limit":1001"#, .invalidField, "limit"),
        (#""type":"state.read","what":"agents","after":"a b""#, .invalidField, "after"),
        (#""type":"events.read""#, .missingField, "after"),
        (#""type":"events.read","after":-1"#, .invalidField, "after"),
        (#""type":"events.read","after":1.5"#, .invalidField, "after"),
        (#""type":"events.read","after":0,"limit":10001"#, .invalidField, "limit"),
        (#""type":"events.read","after":0,"wait_ms":30001"#, .invalidField, "wait_ms"),
        (#""type":"events.read","after":0,"types":"offer.made""#, .invalidField, "types"),
        (#""type":"events.read","after":0,"types":["offer.made","offer.maid"]"#, .invalidField, "types[1]"),
        (
            #""type":"events.read","after":0,"types":["clock.gap"\#(String(repeating: #","clock.gap""#, count: 64))]"#,
            .tooLarge, "types"
        ),
    ]

    static func object(_ count: Int, _ value: String) -> String {
        "{" + (0..<count).map { #""k\#($0)":\#(value)"# }.joined(separator: ",") + "}"
    }

    static let order: [Row] = [
        (#"{"type":"nonsense","id":"a b","tenant":"other"}"#, .unknownType, "type"),
        (#"{"type":"agent.state","id":"a b","state":"busy"}"#, .missingField, "agent"),
        (#"{"type":"agent.state","id":"1","agent":"a","state":"busy","tenant":"other"}"#, .invalidField, "state"),
        (
            #"{"type":"agent.state","id":"1","agent":"a","state":"away","tenant":"other","#
                + #""reason":"\#(String(repeating: "a", count: 300))"}"#,
            .tooLarge, "reason"
        ),
        (#"{"type":"agent.state","id":"1","agent":"a","state":"away","tenant":"other"}"#, .unknownTenant, "tenant"),
    ]
}
