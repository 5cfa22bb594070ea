import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaSentiment
import KapwaWire

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Shows how a text is read: its tags, and the words that count for them.",
        discussion: """
            Without a text, and with --jsonl, lines come from standard input. With --jsonl each line is one object \
            {"id","text","from"?,"conversation"?}, and one line comes out for each, in order; a line that is none gives \
            {"id","error"} and exit code 1 at the end.

            Examples:
              kapwa score "kanina pa po ako naghihintay, gutom na ang anak ko"
              kapwa score --explain "salamat ha, ang bilis nyo"
              kapwa score --jsonl < messages.jsonl
            """)

    @Argument(help: "The text; several are read as one each.")
    var text: [String] = []
    @Flag(help: "Read and write JSON lines.")
    var jsonl = false
    @Flag(help: "Name every rule that changed a weight.")
    var explain = false
    @Flag(help: "With JSON lines in: print what the scorer saw, for fitting weights.")
    var trace = false
    @Option(help: ArgumentHelp("Directory with the lexicons.", valueName: "dir"))
    var models: String?
    @Option(help: ArgumentHelp("A lexicon of the deployment's own; may be repeated.", valueName: "file"))
    var overlay: [String] = []

    func validate() throws {
        if (jsonl || trace) && !text.isEmpty {
            throw ValidationError("--jsonl and --trace read standard input; leave the text out, or the flag")
        }
    }

    func run() async throws {
        try await Failing.withOneLine {
            if text.isEmpty && Terminal.isInputInteractive {
                Failing.say("kapwa: lines are read from standard input; end them with Ctrl-D, or give a text")
            }
            let scoring = try LineScoring(
                models: models ?? ModelsDirectory.standard, overlays: overlay, explains: explain, traces: trace)
            if jsonl || trace {
                let (lines, unread) = scoring.scoreLines()
                if unread > 0 {
                    Failing.say("kapwa: \(unread) of \(lines) lines could not be read")
                    throw ExitCode(1)
                }
            } else if text.isEmpty {
                while let line = readLine() { scoring.show(line) }
            } else {
                for text in text { scoring.show(text) }
            }
        }
    }
}

/// Scores texts one after another, for people or for programs.
final class LineScoring {
    private let scorer: Scorer
    private let decoder = ScoreLineDecoder()
    private let encoder: ScoreLineEncoder
    private let explains: Bool
    private let traces: Bool
    private var moods: [String: Mood] = [:]
    private var out = ByteWriter(capacity: 1 << 16)

    init(models: String, overlays: [String], explains: Bool, traces: Bool) throws(StartFailure) {
        scorer = Scorer(lexicon: try LexiconLoading.lexicon(models: models, overlays: overlays))
        encoder = ScoreLineEncoder(explains: explains)
        self.explains = explains
        self.traces = traces
    }

    /// Reads standard input to its end.
    ///
    /// - Returns: how many lines there were, and how many of them could not be read.
    func scoreLines() -> (lines: Int, unread: Int) {
        var lines = 0
        var unread = 0
        var input = LineReader(FileHandle.standardInput)
        while let line = input.next() {
            lines += 1
            if !score(line) { unread += 1 }
            if out.count > 1 << 16 { flush() }
        }
        flush()
        return (lines, unread)
    }

    private func score(_ line: [UInt8]) -> Bool {
        do throws(ScoreLineError) {
            let request = try decoder.decode(line)
            if traces {
                write(scorer.trace(request.text), id: request.id)
                return true
            }
            let assessment = scorer.score(request.text)
            let mood = mood(of: request, assessment)
            encoder.encode(id: request.id, assessment, mood: mood, into: &out)
        } catch {
            encoder.encode(error, into: &out)
            return false
        }
        return true
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

    /// The mood over the lines of the conversation so far; only the customer's words move it.
    private func mood(of request: ScoreRequest, _ assessment: Assessment) -> Mood? {
        guard let conversation = request.conversation else { return nil }
        var mood = moods[conversation] ?? Mood()
        if request.from == .customer { mood = mood.adding(assessment) }
        moods[conversation] = mood
        return mood
    }

    private func flush() {
        FileHandle.standardOutput.write(Data(out.bytes))
        out.removeAll()
    }

    /// Prints a text with what was found in it.
    func show(_ text: String) {
        let found = scorer.score(text)
        print(ScoreView(text: text, found: found, explains: explains, colours: Terminal.isInteractive).text)
    }
}
