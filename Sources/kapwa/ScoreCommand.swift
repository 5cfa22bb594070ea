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
              kapwa score --without negation "hindi mabagal"
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
    @Option(
        help: ArgumentHelp("Read as if there were no such rule; may be repeated. \(omissible)", valueName: "rule"),
        transform: rule)
    var without: [Rule] = []

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
            let lexicon = try LexiconLoading.lexicon(models: models ?? ModelsDirectory.standard, overlays: overlay)
            if jsonl || trace {
                let scoring = LineScoring(lexicon: lexicon, disabled: disabled, explains: explain, traces: trace)
                try scoring.run(from: .standardInput, to: .standardOutput)
                if scoring.unread > 0 {
                    Failing.say("kapwa: \(scoring.unread) of \(scoring.lines) lines could not be read")
                    throw ExitCode(1)
                }
                return
            }
            let scorer = Scorer(lexicon: lexicon, disabled: disabled)
            if text.isEmpty {
                while let line = readLine() { try show(line, scorer) }
            } else {
                for text in text { try show(text, scorer) }
            }
        }
    }

    /// The rules that can be left out; whoever wants no overlay names none.
    private static let omissible =
        "One of: "
        + Rule.allCases.filter { $0 != .overlay }.map(\.rawValue).joined(separator: ", ") + "."

    private static func rule(_ name: String) throws -> Rule {
        guard let rule = Rule(rawValue: name), rule != .overlay else {
            throw ValidationError("there is no rule '\(name)' to leave out. \(omissible)")
        }
        return rule
    }

    private var disabled: KapwaSentiment.Rules { without.reduce(into: []) { $0.insert(.init($1)) } }

    /// Prints a text with what was found in it.
    private func show(_ text: String, _ scorer: Scorer) throws(StartFailure) {
        let found = scorer.score(text)
        print(ScoreView(text: text, found: found, explains: explain, colours: Terminal.isInteractive).text)
        // Whoever reads from a pipe waits for it.
        guard fflush(nil) == 0 else {
            throw StartFailure(.inputOutput, "standard output cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
