import KapwaDomain
import Testing

@testable import KapwaWire

struct ScoreLineTests {
    static func failure(_ line: String) -> ScoreLineError? {
        do {
            _ = try ScoreLineDecoder().decode(bytes(line))
            return nil
        } catch {
            return error
        }
    }

    static var assessment: Assessment {
        var assessment = Assessment()
        assessment.language = .taglish
        assessment.register = .polite
        assessment.coverage = 910
        assessment.polarity = -610
        assessment.tags.frustration = 830
        assessment.tags.urgency = 410
        assessment.tags.family = 920
        assessment.tags.distress = 100
        assessment.evidence = [
            Evidence(tag: "family", text: "anak ko", start: 16, end: 23, weight: 900, rules: ["kin"])
        ]
        return assessment
    }

    static let line =
        #"{"id":"7","language":"taglish","register":"polite","coverage":0.910,"scored":"ok","polarity":-0.610,"#
        + #""tags":{"frustration":0.830,"urgency":0.410,"family":0.920,"distress":0.100,"relief":0.000,"abuse":0.000,"#
        + #""threat":0.000},"abuse":null,"safety":[],"asks_for":null,"#
        + #""evidence":[{"tag":"family","text":"anak ko","start":16,"end":23,"weight":0.900"#

    @Test("a line is written as the contract shows it")
    func encode() {
        var out = ByteWriter()
        ScoreLineEncoder().encode(id: "7", Self.assessment, into: &out)
        #expect(text(out.bytes) == Self.line + "}]}\n")
    }

    @Test("with --explain evidence names its rules; with a conversation the mood stands behind")
    func more() {
        var out = ByteWriter()
        ScoreLineEncoder(explains: true).encode(
            id: "7", Self.assessment, mood: Mood().adding(Self.assessment), into: &out)
        #expect(
            text(out.bytes) == Self.line
                + #","rules":["kin"]}],"mood":{"frustration":0.830,"urgency":0.410,"family":0.920,"#
                + #""distress":0.100,"relief":0.000,"abuse":0.000,"threat":0.000,"trend":"steady"}}"# + "\n")
    }

    @Test("abuse, flags, wishes and reasons are written where there are any")
    func rest() {
        var assessment = Assessment()
        assessment.abuse = Abuse(kind: .slur, target: .agent)
        assessment.asksFor = .supervisor
        assessment.safety = [SafetyFlag(kind: .selfHarm, level: .possible, text: "ayoko na", start: 0, end: 8)]
        assessment.evidence = [
            Evidence(tag: "urgency", text: "na-lock", start: 1, end: 2, weight: -5, reason: .stranded)
        ]
        var out = ByteWriter()
        ScoreLineEncoder().encode(id: "a\"b", assessment, into: &out)
        let json = text(out.bytes)
        #expect(json.hasPrefix(#"{"id":"a\"b","#))
        #expect(json.contains(#""abuse":{"kind":"slur","target":"agent"}"#))
        #expect(json.contains(#""asks_for":"supervisor""#))
        #expect(json.contains(#"[{"kind":"self_harm","level":"possible","text":"ayoko na","start":0,"end":8}]"#))
        #expect(json.contains(#""weight":-0.005,"reason":"stranded"}"#))
    }

    @Test("a request is read, with the customer as the one who speaks unless it says otherwise")
    func decode() throws {
        let decoder = ScoreLineDecoder()
        #expect(try decoder.decode(bytes(#"{"id":"7","text":"hi"}"#)) == ScoreRequest(id: "7", text: "hi"))
        #expect(
            try decoder.decode(bytes(#"{"text":"","from":"agent","conversation":"c 1","id":"ñ"}"# + "\r"))
                == ScoreRequest(id: "ñ", text: "", from: .agent, conversation: "c 1"))
    }

    @Test("a line that is none gets an error line, with its id where it has one")
    func errors() {
        let rows: [(String, String?)] = [
            ("", nil), (" \t\r", nil), ("nonsense", nil), ("[]", nil), ("7", nil), (#"{"text":"x"}"#, nil),
            (#"{"id":7,"text":"x"}"#, nil), (#"{"id":"7"}"#, "7"), (#"{"id":"7","text":null}"#, "7"),
            (#"{"id":"7","text":5}"#, "7"), (#"{"id":"7","text":"x","from":"robot"}"#, "7"),
            (#"{"id":"7","text":"x","conversation":1}"#, "7"), (#"{"id":"7","text":"\ud800"}"#, nil),
            (#"{"id":"7","text":"\#(String(repeating: "a", count: 32_769))"}"#, "7"),
        ]
        for (line, id) in rows {
            let error = Self.failure(line)
            #expect(error != nil, "\(line) was taken")
            #expect(error?.id == id, "\(line)")
        }
        var out = ByteWriter()
        ScoreLineEncoder().encode(ScoreLineError(id: nil, message: "say \"x\""), into: &out)
        ScoreLineEncoder().encode(ScoreLineError(id: "7", message: "y"), into: &out)
        #expect(text(out.bytes) == #"{"id":null,"error":"say \"x\""}"# + "\n" + #"{"id":"7","error":"y"}"# + "\n")
    }
}
