import KapwaDomain

/// Writes and reads the messages between workers and the daemon. For one thread.
public final class WorkerCodec {
    /// The first frame of every message.
    public static let header = "KAPWAW1"

    private let parser = JSONParser()
    private var writer = FieldWriter()

    public init() {}

    // MARK: Writing

    /// The message's frames.
    public func frames(of message: WorkerMessage) -> [[UInt8]] {
        var frames = [Array(Self.header.utf8), Array(message.name.utf8)]
        switch message {
        case .ready(let greeting):
            frames.append(
                object {
                    $0.key("version")
                    $0.string(greeting.version)
                    $0.key("lexicon")
                    $0.string(greeting.lexicon)
                    $0.key("threads")
                    $0.integer(greeting.threads)
                })
        case .heartbeat, .bye: break
        case .scores(let batch, let scores):
            frames.append(Array("\(batch)".utf8))
            for scored in scores { frames.append(frame(scored)) }
        case .batch(let batch, let tasks):
            frames.append(Array("\(batch)".utf8))
            for task in tasks { frames.append(frame(task)) }
        case .refused(let reason):
            frames.append(
                object {
                    $0.key("reason")
                    $0.string(reason)
                })
        }
        return frames
    }

    private func object(_ fields: (inout ByteWriter) -> Void) -> [UInt8] {
        writer.open.removeAll()
        writer.open.byte(UInt8(ascii: "{"))
        fields(&writer.open)
        writer.open.byte(UInt8(ascii: "}"))
        return writer.open.bytes
    }

    private func frame(_ task: WorkerMessage.Task) -> [UInt8] {
        object {
            $0.key("n")
            $0.integer(task.number)
            $0.key("conversation")
            $0.string(task.conversation.rawValue)
            $0.key("text")
            $0.string(task.text)
            guard let language = task.language else { return }
            $0.key("language")
            language.write(to: &$0)
        }
    }

    private func frame(_ scored: WorkerMessage.Scored) -> [UInt8] {
        writer.open.removeAll()
        writer.whole(scored.assessment) {
            $0.key("n")
            $0.integer(scored.number)
        }
        return writer.open.bytes
    }

    // MARK: Reading

    /// The message in these frames, if the given side may say it.
    public func decode(
        _ frames: [UnsafeRawBufferPointer], from side: WorkerMessage.Side
    ) throws(WorkerProtocolError) -> WorkerMessage {
        guard let head = frames.first, head.elementsEqual(Self.header.utf8) else {
            throw WorkerProtocolError("the first frame must be \(Self.header)")
        }
        guard frames.count >= 2 else { throw WorkerProtocolError("no frame after \(Self.header); a name must follow") }
        let rest = frames[2...]
        switch (String(decoding: frames[1].prefix(16), as: UTF8.self), side) {
        case ("HEARTBEAT", _):
            try Self.expect(rest, 0, "HEARTBEAT")
            return .heartbeat
        case ("READY", .worker):
            try Self.expect(rest, 1, "READY")
            return .ready(try greeting(frames[2]))
        case ("BYE", .worker):
            try Self.expect(rest, 0, "BYE")
            return .bye
        case ("SCORES", .worker):
            return .scores(batch: try Self.batch(rest), try scores(rest.dropFirst()))
        case ("BATCH", .daemon):
            return .batch(try Self.batch(rest), try tasks(rest.dropFirst()))
        case ("REFUSED", .daemon):
            try Self.expect(rest, 1, "REFUSED")
            var fields = CommandFields(try parse(frames[2]))
            return .refused(reason: try checked(&fields) { $0.requiredText("reason") })
        default:
            let names = side == .worker ? "READY, HEARTBEAT, SCORES, BYE" : "BATCH, HEARTBEAT, REFUSED"
            throw WorkerProtocolError("the second frame is no message of this side; it must be one of \(names)")
        }
    }

    /// The message in these frames, if the given side may say it.
    public func decode(
        _ frames: [[UInt8]], from side: WorkerMessage.Side
    ) throws(WorkerProtocolError) -> WorkerMessage {
        // One buffer for all frames: pointers to many arrays at once would need a closure in a closure for each.
        let bytes = frames.flatMap { $0 }
        let result = bytes.withUnsafeBytes { all in
            var start = 0
            let slices = frames.map { frame in
                defer { start += frame.count }
                return UnsafeRawBufferPointer(rebasing: all[start..<start + frame.count])
            }
            return Result { () throws(WorkerProtocolError) -> WorkerMessage in
                try self.decode(slices, from: side)
            }
        }
        return try result.get()
    }

    private static func expect(
        _ frames: ArraySlice<UnsafeRawBufferPointer>, _ count: Int, _ name: String
    ) throws(WorkerProtocolError) {
        guard frames.count != count else { return }
        throw WorkerProtocolError("\(name) has \(frames.count) frames after its name; it must have \(count)")
    }

    private static func batch(_ frames: ArraySlice<UnsafeRawBufferPointer>) throws(WorkerProtocolError) -> UInt64 {
        guard let frame = frames.first, (1...20).contains(frame.count),
            frame.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(String(decoding: frame, as: UTF8.self))
        else { throw WorkerProtocolError("the frame after the name must be the batch's number in digits") }
        guard frames.count - 1 <= Limits.batchCommandsMax else {
            let count = frames.count - 1
            throw WorkerProtocolError("a batch of \(count); at most \(Limits.batchCommandsMax) are allowed")
        }
        return number
    }

    private func parse(_ frame: UnsafeRawBufferPointer) throws(WorkerProtocolError) -> JSONValue {
        let root: JSONValue
        do {
            root = try parser.parse(frame)
        } catch {
            throw WorkerProtocolError("a frame is not what it must be: \(error.message)")
        }
        guard root.isObject else { throw WorkerProtocolError("a frame is \(root.kind); it must be one JSON object") }
        return root
    }

    private func checked<Value>(
        _ fields: inout CommandFields, _ read: (inout CommandFields) -> Value
    ) throws(WorkerProtocolError) -> Value {
        let value = read(&fields)
        if let refusal = fields.refusal { throw WorkerProtocolError(refusal.message) }
        return value
    }

    private func greeting(_ frame: UnsafeRawBufferPointer) throws(WorkerProtocolError) -> WorkerMessage.Greeting {
        var fields = CommandFields(try parse(frame))
        return try checked(&fields) {
            let version = $0.requiredText("version")
            let lexicon = $0.requiredText("lexicon", orEmpty: true)
            if !$0.has("threads") { $0.missing("threads", "how many texts it scores at once") }
            let threads = $0.integer("threads", in: 1...Limits.workersMax) ?? 1
            return WorkerMessage.Greeting(version: version, lexicon: lexicon, threads: threads)
        }
    }

    private func tasks(
        _ frames: ArraySlice<UnsafeRawBufferPointer>
    ) throws(WorkerProtocolError) -> [WorkerMessage.Task] {
        var tasks: [WorkerMessage.Task] = []
        tasks.reserveCapacity(frames.count)
        for frame in frames {
            var fields = CommandFields(try parse(frame))
            tasks.append(
                try checked(&fields) {
                    WorkerMessage.Task(
                        number: Self.number(&$0), conversation: $0.required("conversation", ConversationID.self),
                        text: $0.requiredText("text", limit: Limits.textBytesMax, orEmpty: true),
                        language: $0.word("language", of: Assessment.Language.self))
                })
        }
        return tasks
    }

    private func scores(
        _ frames: ArraySlice<UnsafeRawBufferPointer>
    ) throws(WorkerProtocolError) -> [WorkerMessage.Scored] {
        var scores: [WorkerMessage.Scored] = []
        scores.reserveCapacity(frames.count)
        for frame in frames {
            let root = try parse(frame)
            var fields = CommandFields(root)
            let number = try checked(&fields) { Self.number(&$0) }
            var reader = FieldReader(fields: JSONFields(root), personal: nil)
            var assessment = Assessment()
            assessment.visit(&reader)
            if let failure = reader.failure { throw WorkerProtocolError("\(failure.path) \(failure.message)") }
            guard assessment.isWithinLimits else {
                throw WorkerProtocolError(
                    "text \(number) has scores outside 0…1 or too many reasons; it must keep to the limits")
            }
            scores.append(WorkerMessage.Scored(number: number, assessment: assessment))
        }
        return scores
    }

    private static func number(_ fields: inout CommandFields) -> Int {
        if !fields.has("n") { fields.missing("n", "the text's number within the batch") }
        return fields.integer("n", in: 0...Limits.batchCommandsMax) ?? 0
    }
}

extension Assessment {
    /// Whether a scorer that keeps to the limits could have found it.
    fileprivate var isWithinLimits: Bool {
        evidence.count <= Limits.evidencePerMessageMax && safety.count <= Limits.safetyFlagsPerMessageMax
            && Tag.allCases.allSatisfy { (0...1_000).contains(tags[$0].milli) }
            && (-1_000...1_000).contains(polarity.milli) && (0...1_000).contains(coverage.milli)
    }
}
