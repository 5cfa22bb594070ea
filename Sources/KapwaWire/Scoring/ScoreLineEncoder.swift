public import KapwaDomain

/// Writes the lines of `kapwa score --jsonl`, in the contract's order of keys, each with its line end.
public struct ScoreLineEncoder: Sendable {
    /// Whether evidence names the composition rules that changed its weight, for `--explain`.
    public var explains: Bool

    public init(explains: Bool = false) { self.explains = explains }

    /// Appends the line of one scored text; `mood` where its conversation was named.
    public func encode(id: String, _ assessment: Assessment, mood: Mood? = nil, into out: inout ByteWriter) {
        begin(id: id, assessment, into: &out)
        end(mood: mood, into: &out)
    }

    /// Appends all of a line but its mood, which ``end(mood:into:)`` must follow with.
    public func begin(id: String, _ assessment: Assessment, into out: inout ByteWriter) {
        out.raw("{\"id\":")
        out.string(id)
        out.direct(upTo: 512) { cursor in
            cursor.raw(",\"language\":\"")
            cursor.plain(assessment.language.rawValue)
            cursor.raw("\",\"register\":\"")
            cursor.plain(assessment.register.rawValue)
            cursor.raw("\",\"coverage\":")
            cursor.score(assessment.coverage)
            cursor.raw(",\"scored\":\"")
            cursor.plain(assessment.scored.rawValue)
            cursor.raw("\",\"polarity\":")
            cursor.score(assessment.polarity)
            cursor.raw(",\"tags\":{")
            Self.tags(assessment.tags, into: &cursor)
            cursor.raw("},\"abuse\":")
        }
        if let abuse = assessment.abuse {
            out.raw("{\"kind\":")
            abuse.kind.write(to: &out)
            out.raw(",\"target\":")
            abuse.target.write(to: &out)
            out.byte(UInt8(ascii: "}"))
        } else {
            out.raw("null")
        }
        out.raw(",\"safety\":[")
        for flag in assessment.safety { self.flag(flag, into: &out) }
        out.raw("],\"asks_for\":")
        if let wish = assessment.asksFor { wish.write(to: &out) } else { out.raw("null") }
        out.raw(",\"evidence\":[")
        for index in assessment.evidence.indices {
            if index > 0 { out.byte(UInt8(ascii: ",")) }
            evidence(assessment.evidence[index], into: &out)
        }
        out.byte(UInt8(ascii: "]"))
    }

    /// Appends the mood, where there is one, and the end of the line.
    public func end(mood: Mood?, into out: inout ByteWriter) {
        if let mood {
            out.raw(",\"mood\":{")
            out.direct(upTo: 256) { Self.tags(mood.tags, into: &$0) }
            out.key("trend")
            mood.trend.write(to: &out)
            out.byte(UInt8(ascii: "}"))
        }
        out.raw("}\n")
    }

    /// Appends the line that stands for one that could not be scored.
    public func encode(_ error: ScoreLineError, into out: inout ByteWriter) {
        out.raw("{\"id\":")
        if let id = error.id { out.string(id) } else { out.raw("null") }
        out.raw(",\"error\":")
        out.string(error.message)
        out.raw("}\n")
    }

    private static func tags(_ tags: Tags, into cursor: inout ByteCursor) {
        for (index, tag) in Tag.allCases.enumerated() {
            cursor.raw(index > 0 ? ",\"" : "\"")
            cursor.plain(tag.rawValue)
            cursor.raw("\":")
            cursor.score(tags[tag])
        }
    }

    private func flag(_ flag: SafetyFlag, into out: inout ByteWriter) {
        out.separate()
        out.byte(UInt8(ascii: "{"))
        out.key("kind")
        flag.kind.write(to: &out)
        out.key("level")
        flag.level.write(to: &out)
        span(flag.text, flag.start, flag.end, into: &out)
        out.byte(UInt8(ascii: "}"))
    }

    private func evidence(_ evidence: Evidence, into out: inout ByteWriter) {
        let room = 192 + evidence.tag.utf8.count + ByteCursor.room(for: evidence.text)
        out.direct(upTo: room) { cursor in
            cursor.raw("{\"tag\":\"")
            cursor.plain(evidence.tag)
            cursor.raw("\",\"text\":")
            cursor.string(evidence.text)
            cursor.raw(",\"start\":")
            cursor.integer(evidence.start)
            cursor.raw(",\"end\":")
            cursor.integer(evidence.end)
            cursor.raw(",\"weight\":")
            cursor.score(evidence.weight)
            if let reason = evidence.reason {
                cursor.raw(",\"reason\":\"")
                cursor.plain(reason.rawValue)
                cursor.byte(UInt8(ascii: "\""))
            }
        }
        if let source = evidence.source {
            out.key("source")
            out.string(source)
        }
        if explains {
            out.key("rules")
            evidence.rules.write(to: &out)
        }
        out.byte(UInt8(ascii: "}"))
    }

    private func span(_ text: String, _ start: Int, _ end: Int, into out: inout ByteWriter) {
        out.key("text")
        out.string(text)
        out.key("start")
        out.integer(start)
        out.key("end")
        out.integer(end)
    }
}
