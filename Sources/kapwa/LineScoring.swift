import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaSentiment
import KapwaWire

/// Scores lines of JSON on all cores; they come out in the order in which they came in.
///
/// Each worker takes the next piece of the input, scores its lines and then waits for its turn: moods are folded, and
/// lines written, in the order of the input. `@unchecked` because what the workers share is touched only by the one
/// whose turn it is, under `turn`, and read by the caller when all have ended.
final class LineScoring: @unchecked Sendable {
    /// Lines read, and those among them that could not be scored. Read them after ``run(from:to:)``.
    private(set) var lines = 0
    private(set) var unread = 0

    private let lexicon: Lexicon
    private let disabled: KapwaSentiment.Rules
    private let encoder: ScoreLineEncoder
    private let traces: Bool
    private let turn = NSCondition()
    /// The number of the piece that is next to be written.
    private var next = 0
    private var moods: [String: Mood] = [:]
    private var failure: StartFailure?

    /// - Parameters:
    ///   - disabled: rules that shall not apply.
    ///   - traces: write what fitting needs to know instead of scores.
    init(lexicon: Lexicon, disabled: KapwaSentiment.Rules, explains: Bool, traces: Bool) {
        self.lexicon = lexicon
        self.disabled = disabled
        encoder = ScoreLineEncoder(explains: explains)
        self.traces = traces
    }

    /// More workers than this gain nothing: one reader and one writer feed them.
    private static let workersMax = 16

    /// Reads to the end.
    func run(from input: FileHandle, to output: FileHandle) throws(StartFailure) {
        let pieces = LinePieces(input.fileDescriptor)
        let workers = min(Self.workersMax, ProcessInfo.processInfo.activeProcessorCount)
        DispatchQueue.concurrentPerform(iterations: max(1, workers)) { _ in
            let worker = LineWorker(Scorer(lexicon: lexicon, disabled: disabled), encoder: encoder, traces: traces)
            while let piece = pieces.next() {
                piece.withBytes(worker.score)
                guard finish(worker, piece.number, output.fileDescriptor) else { return pieces.stop() }
            }
        }
        if let failure = failure ?? pieces.failure { throw failure }
    }

    /// Waits for the piece's turn and writes it; `false` when there is no more to be done.
    private func finish(_ worker: LineWorker, _ number: Int, _ output: Int32) -> Bool {
        turn.lock()
        defer {
            turn.broadcast()
            turn.unlock()
        }
        while next != number { turn.wait() }
        next += 1
        guard failure == nil else { return false }
        lines += worker.lines
        unread += worker.unread
        failure = worker.output(folding: &moods) { Self.write($0, to: output) }
        return failure == nil
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to output: Int32) -> StartFailure? {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(output, base, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                return StartFailure(
                    .inputOutput, "standard output cannot be written: \(String(cString: strerror(errno)))")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }
}

/// Scores the lines of one piece after another, with a scorer and buffers of its own.
final class LineWorker {
    private(set) var lines = 0
    private(set) var unread = 0

    private let scorer: Scorer
    private let decoder = ScoreLineDecoder()
    private let encoder: ScoreLineEncoder
    private let traces: Bool
    private var out = ByteWriter(capacity: 1 << 20)
    /// Where moods are missing in `out`, and what they follow from.
    private var gaps: [Gap] = []

    private struct Gap {
        var offset: Int
        var conversation: String
        var from: Speaker
        var assessment: Assessment
    }

    init(_ scorer: Scorer, encoder: ScoreLineEncoder, traces: Bool) {
        self.scorer = scorer
        self.encoder = encoder
        self.traces = traces
    }

    /// Scores whole lines; what an earlier piece left is forgotten.
    func score(_ piece: UnsafeRawBufferPointer) {
        (lines, unread) = (0, 0)
        out.removeAll()
        gaps.removeAll(keepingCapacity: true)
        var start = 0
        while start < piece.count {
            guard let base = piece.baseAddress else { return }
            let end = memchr(base + start, Int32(UInt8(ascii: "\n")), piece.count - start)
            let length = end.map { UnsafeRawPointer($0) - (base + start) } ?? piece.count - start
            var line = UnsafeRawBufferPointer(start: base + start, count: length)
            start += length + 1
            if line.last == UInt8(ascii: "\r") { line = UnsafeRawBufferPointer(rebasing: line.dropLast()) }
            lines += 1
            score(line: line)
        }
    }

    private func score(line: UnsafeRawBufferPointer) {
        do throws(ScoreLineError) {
            try decoder.decode(line) { id, text, from, conversation in
                if traces { return write(scorer.trace(String(decoding: text, as: UTF8.self)), id: id) }
                let assessment = scorer.score(text)
                encoder.begin(id: id, assessment, into: &out)
                if let conversation {
                    gaps.append(
                        Gap(offset: out.count, conversation: conversation, from: from, assessment: assessment))
                } else {
                    encoder.end(mood: nil, into: &out)
                }
            }
        } catch {
            unread += 1
            encoder.encode(error, into: &out)
        }
    }

    /// Hands over the lines, their moods folded in; only the customer's words move them.
    func output(
        folding moods: inout [String: Mood], _ write: (UnsafeRawBufferPointer) -> StartFailure?
    ) -> StartFailure? {
        guard !gaps.isEmpty else { return out.bytes.withUnsafeBytes(write) }
        var whole = ByteWriter(capacity: out.count + gaps.count * 256)
        var done = 0
        out.bytes.withUnsafeBytes { bytes in
            for gap in gaps {
                whole.raw(UnsafeRawBufferPointer(rebasing: bytes[done..<gap.offset]))
                var mood = moods[gap.conversation] ?? Mood()
                if gap.from == .customer { mood = mood.adding(gap.assessment) }
                moods[gap.conversation] = mood
                encoder.end(mood: mood, into: &whole)
                done = gap.offset
            }
            whole.raw(UnsafeRawBufferPointer(rebasing: bytes[done...]))
        }
        return whole.bytes.withUnsafeBytes(write)
    }

    /// What `trace` says, as one line of JSON.
    private func write(_ trace: Scorer.Trace, id: String) {
        let fields: [String: Any] = [
            "id": id, "words": trace.words, "roots": trace.roots, "signals": trace.signals, "sums": trace.sums,
        ]
        // Strings and whole numbers alone: this cannot fail.
        guard let line = try? JSONSerialization.data(withJSONObject: fields, options: .sortedKeys) else { return }
        out.raw(Array(line))
        out.byte(UInt8(ascii: "\n"))
    }
}
