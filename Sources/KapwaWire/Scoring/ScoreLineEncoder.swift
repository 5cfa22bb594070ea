public import KapwaDomain

/// Writes the lines of `kapwa score --jsonl`, in the contract's order of keys, each with its line end.
public struct ScoreLineEncoder: Sendable {
    /// Whether evidence names the composition rules that changed its weight, for `--explain`.
    public var explains: Bool

    public init(explains: Bool = false) { self.explains = explains }

    /// Appends the line of one scored text; `mood` where its conversation was named.
    public func encode(id: String, _ assessment: Assessment, mood: Mood? = nil, into out: inout ByteWriter) {
        out.raw("{\"id\":")
        out.string(id)
        out.raw(",\"language\":")
        assessment.language.write(to: &out)
        out.raw(",\"register\":")
        assessment.register.write(to: &out)
        out.raw(",\"coverage\":")
        out.score(assessment.coverage)
        out.raw(",\"scored\":")
        assessment.scored.write(to: &out)
        out.raw(",\"polarity\":")
        out.score(assessment.polarity)
        out.raw(",\"tags\":{")
        tags(assessment.tags, into: &out)
        out.raw("},\"abuse\":")
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
        for evidence in assessment.evidence { self.evidence(evidence, into: &out) }
        out.byte(UInt8(ascii: "]"))
        if let mood {
            out.raw(",\"mood\":{")
            tags(mood.tags, into: &out)
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

    private func tags(_ tags: Tags, into out: inout ByteWriter) {
        for tag in Tag.allCases {
            out.separate()
            out.string(tag.rawValue)
            out.byte(UInt8(ascii: ":"))
            out.score(tags[tag])
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
        out.separate()
        out.byte(UInt8(ascii: "{"))
        out.key("tag")
        out.string(evidence.tag)
        span(evidence.text, evidence.start, evidence.end, into: &out)
        out.key("weight")
        out.score(evidence.weight)
        if let reason = evidence.reason {
            out.key("reason")
            reason.write(to: &out)
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
