import KapwaDomain
import Testing

@testable import KapwaWire

struct WorkerCodecTests {
    static func assessment(seed: UInt64) -> Assessment {
        var filler = RandomFiller(seed: seed)
        var assessment = Assessment()
        assessment.visit(&filler)
        for tag in Tag.allCases { assessment.tags[tag].milli = abs(assessment.tags[tag].milli) }
        assessment.coverage.milli = abs(assessment.coverage.milli)
        return assessment
    }

    @Test("every message comes back as it went out")
    func roundTrip() throws {
        let codec = WorkerCodec()
        let scores = (0..<200).map { WorkerMessage.Scored(number: $0, assessment: Self.assessment(seed: UInt64($0))) }
        let tasks = [
            WorkerMessage.Task(number: 0, conversation: "c:1", text: "Nasaan \"na\"\n😀"),
            WorkerMessage.Task(number: 1_023, conversation: "c2", text: "", language: .ceb),
            WorkerMessage.Task(number: 2, conversation: "c3", text: String(repeating: "a", count: 32_768)),
        ]
        let said: [(WorkerMessage, WorkerMessage.Side)] = [
            (.ready(.init(version: "0.1.0", lexicon: "ab12", threads: 2)), .worker), (.heartbeat, .worker),
            (.bye, .worker),
            (.heartbeat, .daemon), (.scores(batch: .max, scores), .worker), (.scores(batch: 0, []), .worker),
            (.batch(17, tasks), .daemon), (.batch(18, []), .daemon),
            (.refused(reason: "another lexicon: \"cd\""), .daemon),
        ]
        for (message, side) in said {
            let frames = codec.frames(of: message)
            #expect(text(frames[0]) == "KAPWAW1")
            #expect(try codec.decode(frames, from: side) == message)
        }
    }

    @Test("what is no message of that side is refused, saying what would be one")
    func refused() {
        let codec = WorkerCodec()
        let rows: [([String], WorkerMessage.Side)] = [
            ([], .worker), (["KAPWA1", "READY"], .worker), (["KAPWAW1"], .worker), (["KAPWAW1", "NONSENSE"], .worker),
            (["KAPWAW1", "READY"], .worker), (["KAPWAW1", "READY", "{}"], .worker),
            (["KAPWAW1", "READY", #"{"version":"1","lexicon":"a","threads":0}"#], .worker),
            (["KAPWAW1", "READY", #"{"version":"1","lexicon":"a","threads":1}"#], .daemon),
            (["KAPWAW1", "HEARTBEAT", ""], .worker), (["KAPWAW1", "BYE", "x"], .worker), (["KAPWAW1", "BYE"], .daemon),
            (["KAPWAW1", "SCORES"], .worker), (["KAPWAW1", "SCORES", "x"], .worker),
            (["KAPWAW1", "SCORES", "-1"], .worker),
            (["KAPWAW1", "SCORES", "99999999999999999999"], .worker), (["KAPWAW1", "SCORES", "1", "[]"], .worker),
            (["KAPWAW1", "SCORES", "1", #"{"n":0}"#], .worker), (["KAPWAW1", "BATCH", "1", #"{"n":0}"#], .daemon),
            (["KAPWAW1", "BATCH", "1"], .worker), (["KAPWAW1", "REFUSED", "{}"], .daemon),
            (["KAPWAW1", "BATCH", "1", #"{"n":-1,"conversation":"c","text":""}"#], .daemon),
            (["KAPWAW1", "BATCH", "1", #"{"n":0,"conversation":"a b","text":""}"#], .daemon),
            (
                ["KAPWAW1", "BATCH", "1"] + Array(repeating: #"{"n":0,"conversation":"c","text":""}"#, count: 1_025),
                .daemon
            ),
        ]
        for (frames, side) in rows {
            #expect(throws: WorkerProtocolError.self, "\(frames.prefix(4))") {
                try codec.decode(frames.map { bytes($0) }, from: side)
            }
        }
    }

    @Test("a worker cannot score outside the limits")
    func limits() {
        let codec = WorkerCodec()
        func refused(_ change: (inout Assessment) -> Void) -> Bool {
            var assessment = Assessment()
            change(&assessment)
            let frames = codec.frames(of: .scores(batch: 1, [.init(number: 0, assessment: assessment)]))
            return (try? codec.decode(frames, from: .worker)) == nil
        }
        #expect(!refused { _ in })
        #expect(refused { $0.tags.urgency = 1_001 })
        #expect(refused { $0.tags.urgency = -1 })
        #expect(refused { $0.polarity = -1_001 })
        #expect(refused { $0.coverage = 1_001 })
        #expect(refused { $0.evidence = Array(repeating: Evidence.blank, count: 33) })
        #expect(refused { $0.safety = Array(repeating: SafetyFlag.blank, count: 9) })
    }
}
