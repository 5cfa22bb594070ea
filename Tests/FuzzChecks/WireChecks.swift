import KapwaDomain
import KapwaTransport
import KapwaWire

/// What must hold for any bytes from a peer. The first byte says at which door they arrive:
/// `c` a command, `m` a message of frames on the command socket, `w` one on the workers' socket, `t` a text to score,
/// `a` its assessment, `l` a line to score, `e` an event read back. Frames and parts are parted by 0x1E, which stands
/// in no JSON.
final class WireChecks {
    private static let parting: UInt8 = 0x1E
    private static let now = Instant(milliseconds: 1_795_262_400_000)
    private static let tenants: Set<TenantID> = ["main", "other"]

    private let decoder = CommandDecoder()
    private let codec = ScoringCodec()
    private let lines = ScoreLineDecoder()
    private let events = EventDecoder()
    private var eventEncoder = EventEncoder()
    private var replyEncoder = ReplyEncoder()

    /// Feeds one input; gives what does not hold.
    func faults(_ input: [UInt8]) -> [String] {
        guard let door = input.first else { return [] }
        let bytes = Array(input.dropFirst())
        switch door {
        case UInt8(ascii: "m"): return message(bytes)
        case UInt8(ascii: "w"): return worker(bytes)
        case UInt8(ascii: "t"): return task(bytes)
        case UInt8(ascii: "a"): return assessment(bytes)
        case UInt8(ascii: "l"): return line(bytes)
        case UInt8(ascii: "e"): return event(bytes)
        default: return command(bytes)
        }
    }

    private static func parts(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: parting, omittingEmptySubsequences: false).map(Array.init)
    }

    // MARK: Commands

    private func command(_ frame: [UInt8]) -> [String] {
        let decoded = decoder.decode(frame, tenants: Self.tenants, now: Self.now)
        var faults = reply(to: decoded)
        // With a parser that has seen nothing else.
        let fresh = CommandDecoder().decode(frame, tenants: Self.tenants, now: Self.now)
        if !Self.same(decoded, fresh) { faults.append("decoded otherwise by a parser that has seen other frames") }
        switch decoded.result {
        case .failure(let refusal) where [.malformed, .tooLarge].contains(refusal.code): return faults
        case .success(let command):
            if command.id != decoded.id { faults.append("the id of the command is not the one to answer with") }
        case .failure: break
        }
        let respelt = Respelling.of(frame)
        guard respelt.count <= Limits.commandBytesMax else { return faults }
        let again = decoder.decode(respelt, tenants: Self.tenants, now: Self.now)
        if !Self.same(decoded, again) { faults.append("the same JSON in other spelling is another command: \(again)") }
        return faults
    }

    private static func same(_ left: DecodedCommand, _ right: DecodedCommand) -> Bool {
        guard left.id == right.id else { return false }
        switch (left.result, right.result) {
        case (.success(let one), .success(let other)): return one == other && left.hash == right.hash
        case (.failure(let one), .failure(let other)): return one == other
        default: return false
        }
    }

    /// What is answered, and that it is one readable object.
    private func reply(to decoded: DecodedCommand) -> [String] {
        var faults: [String] = []
        let result: Result<Reply.Accepted, Refusal>
        switch decoded.result {
        case .success: result = .success(Reply.Accepted(sequence: 1))
        case .failure(let refusal):
            if refusal.message.isEmpty { faults.append("refused without words") }
            if refusal.message.utf8.count > 4_096 { faults.append("refused with \(refusal.message.utf8.count) bytes") }
            result = .failure(refusal)
        }
        let bytes = replyEncoder.bytes(of: Reply(id: decoded.id, result: result))
        if !isObject(bytes) { faults.append("the reply is no object: \(String(decoding: bytes, as: UTF8.self))") }
        if !isObject(ReplyEncoder.duplicate(of: bytes)) { faults.append("the reply given again is no object") }
        return faults
    }

    /// Whether a strict reader of events finds nothing to say of its JSON: it is then refused for its fields alone.
    private func isObject(_ bytes: [UInt8]) -> Bool {
        do throws(EventDecodingError) {
            _ = try events.decode(open: bytes)
            return true
        } catch {
            if case .malformed = error { return false }
            return true
        }
    }

    // MARK: Frames

    private func message(_ bytes: [UInt8]) -> [String] {
        var batch = InboundBatch()
        var reader = CommandReader(batch)
        let frames = Self.parts(bytes)
        for frame in frames { frame.withUnsafeBytes { reader.take($0, into: &batch) } }
        switch reader.finish(batch) {
        case .failure:
            return batch.frames.isEmpty && batch.bytes.isEmpty ? [] : ["of a broken message something was kept"]
        case .success(let kept):
            let start = frames.count - kept.count
            guard kept.count == batch.frames.count, (1...2).contains(start) else {
                return ["kept \(kept) of \(frames.count) frames"]
            }
            var faults: [String] = []
            for (index, frame) in zip(kept, frames[start...]) {
                if !batch[frame: index].elementsEqual(frame) { faults.append("frame \(index) is another") }
                faults += command(Array(batch[frame: index]))
            }
            return faults
        }
    }

    private func worker(_ bytes: [UInt8]) -> [String] {
        let frames = Self.parts(bytes)
        guard let message = WorkerMessage(FrameList(frames)) else { return [] }
        switch message {
        case .refused, .stale:
            // Words for people: what is too long, or no UTF-8, was mended when it was read.
            guard frames[2].count <= Limits.labelBytesMax, String(validating: frames[2], as: UTF8.self) != nil else {
                return []
            }
        default: break
        }
        guard WorkerMessage(message.frames) == message else { return ["a worker's message is another once written"] }
        guard case .scores(_, let assessments) = message else { return [] }
        return (0..<assessments.count).flatMap { assessment(Array(assessments[$0])) }
    }

    // MARK: Scoring

    private func task(_ bytes: [UInt8]) -> [String] {
        guard let task = bytes.withUnsafeBytes({ codec.task(from: $0) }) else { return [] }
        let written = codec.payload(of: task)
        return written.withUnsafeBytes { codec.task(from: $0) } == task ? [] : ["a text is another once written"]
    }

    private func assessment(_ bytes: [UInt8]) -> [String] {
        guard let found = codec.assessment(from: bytes[...]) else { return [] }
        var written: [UInt8] = []
        codec.append(found, to: &written)
        return codec.assessment(from: written[...]) == found ? [] : ["an assessment is another once written"]
    }

    private func line(_ bytes: [UInt8]) -> [String] {
        var out = ByteWriter()
        do throws(ScoreLineError) {
            let request = try lines.decode(bytes)
            ScoreLineEncoder().encode(id: request.id, Assessment(), into: &out)
        } catch {
            if error.message.isEmpty { return ["a line refused without words"] }
            ScoreLineEncoder().encode(error, into: &out)
        }
        return isObject(Array(out.bytes.dropLast())) ? [] : ["a line's answer is no object"]
    }

    // MARK: Events

    private func event(_ bytes: [UInt8]) -> [String] {
        let parts = Self.parts(bytes)
        guard parts.count <= 3 else { return [] }
        let event: Event
        do throws(EventDecodingError) {
            event = try events.decode(
                EventParts(
                    open: parts[0], personal: parts.count > 1 ? parts[1] : [],
                    sealed: parts.count > 2 ? parts[2] : []))
        } catch {
            return error.description.isEmpty ? ["an event refused without words"] : []
        }
        var faults: [String] = []
        let written = eventEncoder.parts(of: event)
        if (try? events.decode(written)) != event { faults.append("an event is another once written") }
        var out = ByteWriter()
        eventEncoder.full(event, into: &out)
        if (try? events.decode(open: out.bytes)) != event { faults.append("an event is another in its full form") }
        for form in 0..<4 {
            out.removeAll()
            switch form {
            case 0 where event.body.isPrivate: continue
            case 0: eventEncoder.publicForm(event, into: &out)
            case 1: eventEncoder.privateCopy(event, into: &out)
            case 2: eventEncoder.ownForm(event, into: &out)
            default: eventEncoder.account(event, of: "maria", into: &out)
            }
            if !isObject(out.bytes) { faults.append("form \(form) of an event is no object") }
        }
        return faults
    }
}
