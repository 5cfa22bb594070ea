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
        (#"{"type":"nonsense"}"#, .unknownType, "type"), (#"{"type":"agent.shifts","id":"1"}"#, .unknownType, "type"),
        (#"{"type":"PING","id":"1"}"#, .unknownType, "type"),
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

    static let shift =
        #""type":"agent.shift","agent":"a","starts_at":"2026-11-21T22:00:00Z","ends_at":"2026-11-22T07:00:00Z""#
    static let by = #""by":{"role":"supervisor","name":"B"}"#
    static let retag = #""type":"conversation.retag","conversation":"c","reason":"r",\#(by)"#
    static let incident = #""type":"incident.declare","topic":"outage",\#(by)"#
    static let review: [Row] = [
        (#""type":"agent.shift","agent":"a","ends_at":"2026-11-22T07:00:00Z""#, .missingField, "starts_at"),
        (#""type":"agent.shift","agent":"a","starts_at":"2026-11-21T22:00:00Z""#, .missingField, "ends_at"),
        (
            #""type":"agent.shift","agent":"a","starts_at":"10 pm","ends_at":"2026-11-22T07:00:00Z""#, .invalidField,
            "starts_at"
        ),
        (shift.replacing("22T07", with: "21T22"), .invalidField, "ends_at"),
        (shift.replacing("22T07:00:00Z", with: "22T22:00:00.001Z"), .invalidField, "ends_at"),
        (shift + #","meal_at":"2026-11-21T21:59:59Z""#, .invalidField, "meal_at"),
        (shift + #","meal_at":"2026-11-22T07:00:00Z""#, .invalidField, "meal_at"),
        (shift + #","zone":8"#, .invalidField, "zone"), (#""type":"break.postpone""#, .missingField, "agent"),
        (#""type":"break.postpone","agent":"a","minutes":0"#, .invalidField, "minutes"),
        (#""type":"break.postpone","agent":"a","kind":"care""#, .invalidField, "kind"),
        (retag, .missingField, "tags"), (retag + #","tags":{}"#, .invalidField, "tags"),
        (retag + #","tags":["abuse"]"#, .invalidField, "tags"),
        (retag + #","tags":{"anger":1}"#, .invalidField, "tags.anger"),
        (retag + #","tags":{"abuse":2}"#, .invalidField, "tags.abuse"),
        (retag + #","tags":{"abuse":true}"#, .invalidField, "tags.abuse"),
        (retag + #","tags":{"abuse":null}"#, .invalidField, "tags.abuse"),
        (#""type":"conversation.retag","conversation":"c","tags":{"abuse":0},\#(by)"#, .missingField, "reason"),
        (#""type":"conversation.retag","conversation":"c","tags":{"abuse":0},"reason":"r""#, .missingField, "by"),
        (incident + #","reason":"r""#, .missingField, "until"),
        (incident + #","until":"2026-11-21T21:00:00Z""#, .missingField, "reason"),
        (incident + #","reason":"r","until":"21:00""#, .invalidField, "until"),
        (
            incident
                + #","reason":"r","until":"2026-11-21T21:00:00Z","text":"\#(String(repeating: "a", count: 4_097))""#,
            .tooLarge, "text"
        ),
        (#""type":"incident.declare","topic":"o","until":"2026-11-21T21:00:00Z","reason":"r""#, .missingField, "by"),
        (#""type":"incident.end","topic":"outage""#, .missingField, "by"),
        (#""type":"incident.end",\#(by)"#, .missingField, "topic"),
        (#""type":"affinity.lift","customer":"u","agent":"a","reason":"r",\#(by)"#, .missingField, "agreed"),
        (
            #""type":"affinity.lift","customer":"u","agent":"a","reason":"r","agreed":"yes",\#(by)"#, .invalidField,
            "agreed"
        ),
        (#""type":"affinity.lift","customer":"u","agent":"a","agreed":true,\#(by)"#, .missingField, "reason"),
        (#""type":"affinity.lift","customer":"u","agent":"a","reason":"r","agreed":true"#, .missingField, "by"),
        (#""type":"affinity.lift","agent":"a","reason":"r","agreed":true,\#(by)"#, .missingField, "customer"),
        (#""type":"followup.done""#, .missingField, "conversation"),
        (#""type":"feedback.record","conversation":"c""#, .missingField, nil),
        (#""type":"feedback.record","conversation":"c","csat":null"#, .missingField, nil),
        (#""type":"feedback.record","csat":3"#, .missingField, "conversation"),
        (#""type":"feedback.record","conversation":"c","csat":0"#, .invalidField, "csat"),
        (#""type":"feedback.record","conversation":"c","csat":6"#, .invalidField, "csat"),
        (#""type":"feedback.record","conversation":"c","nps":-1"#, .invalidField, "nps"),
        (#""type":"feedback.record","conversation":"c","nps":11"#, .invalidField, "nps"),
        (
            #""type":"feedback.record","conversation":"c","comment":"\#(String(repeating: "a", count: 4_097))""#,
            .tooLarge, "comment"
        ),
        (#""type":"queue.estimate""#, .missingField, "conversation"),
        (#""type":"queue.estimate","conversation":"c","queue":"q""#, .invalidField, "queue"),
        (#""type":"queue.estimate","queue":"a b""#, .invalidField, "queue"),
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
