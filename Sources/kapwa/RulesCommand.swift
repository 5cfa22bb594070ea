import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaRules

struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at rules before they touch the floor.",
        discussion: """
            docs/rules.md explains the language, deploy/rules.yaml has every key with its default, deploy/examples/ \
            whole floors with their cases.
            """,
        subcommands: [Check.self, Test.self, Diff.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says everything that is wrong with a rules file, and what is legal but wrong.",
            discussion: """
                Each finding is one line FILE:LINE:COLUMN with what would be right. Last comes what the break policy \
                costs an agent in a shift. Exit code 0 when the file holds, warnings or not; 65 when it does not; 66 \
                when it cannot be read.

                With --agents FILE it also finds queues that none of these people can serve, and floors that they \
                cannot keep; the file has the form agents: [{id: ana, skills: {tagalog: 3}, team: day}], and a file of \
                cases will do.

                Examples:
                  kapwa rules check deploy/rules.yaml
                  kapwa rules check rules.yaml --agents agents.yaml
                  kapwa rules check rules.yaml --shift 6h --hard-contacts 15
                """)

        @Argument(help: "The rules file.")
        var file: String
        @Option(help: ArgumentHelp("Who is to work by them.", valueName: "file"))
        var agents: String?
        @OptionGroup var models: ModelsOption
        @Option(help: ArgumentHelp("Length of a shift, for the cost of breaks.", valueName: "time"))
        var shift: String = "9h"
        @Option(help: ArgumentHelp("Hard contacts in such a shift.", valueName: "n"))
        var hardContacts: Int = 10

        func validate() throws {
            guard let length = DurationText.read(shift), (.hours(1)...(.hours(24))).contains(length) else {
                throw ValidationError("--shift is \(shift); write a time from 1h to 24h")
            }
            guard (0...100).contains(hardContacts) else { throw ValidationError("--hard-contacts is 0 to 100") }
        }

        func run() async throws {
            try await Failing.withOneLine {
                let cards = try agents.map { path in
                    let bytes = try FileInput.bytes(path, most: Limits.rulesFileBytesMax)
                    return try RuleReading.orFail { () throws(RuleErrors) in
                        try AgentCard.read(bytes: bytes, name: path)
                    }
                }
                let read = try RuleReading.file(file, models: models.models, agents: cards)
                for warning in read.warnings { print(warning) }
                for line in RuleReading.summary(read.rules, file: file, shift: shift, hardContacts: hardContacts) {
                    print(line)
                }
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says who would get which conversation by these rules, and whether that was expected.",
            discussion: """
                CASES has agents with their skills, load, ledger and state, and cases: a conversation, and the queue, \
                points, candidates in their order, or break that should come. The real router decides, in a floor \
                that is only in memory; rules that only observe are taken as enforced. Exit code 0 when all cases \
                hold; 1 when one does not, with what came instead; 65 when a file is wrong.

                  agents:
                    - {id: ana, skills: {tagalog: 4}, ledger: 1.5}
                    - {id: ben, skills: {tagalog: 2}, load: 50, state: away}
                  cases:
                    - name: a refund in distress goes to care
                      conversation: {topic: refund, language: taglish, tags: {distress: 0.8}, waited: 2m}
                      expect: {queue: care, points: 30, candidates: [ana], rejected: {ben: not_ready}}
                    - name: after a threat the agent rests
                      conversation: {with: ana, tags: {threat: 0.9}}
                      expect: {break: {length: 15m, at_once: true}}

                Examples:
                  kapwa rules test deploy/examples/bank.yaml deploy/examples/bank.cases.yaml
                  kapwa rules test rules.yaml cases.yaml --only refund
                """)

        @Argument(help: "The rules file.")
        var file: String
        @Argument(help: "The cases.")
        var cases: String
        @Option(help: ArgumentHelp("Only cases with these words in their name.", valueName: "words"))
        var only: String?
        @OptionGroup var models: ModelsOption

        func run() async throws {
            try await Failing.withOneLine {
                let rules = try RuleReading.file(file, models: models.models, agents: nil).rules
                let bytes = try FileInput.bytes(cases, most: Limits.rulesFileBytesMax)
                let read = try RuleReading.orFail { () throws(RuleErrors) in
                    try CaseFile.read(bytes: bytes, name: cases)
                }
                let chosen = read.cases.filter { only.map($0.name.contains) ?? true }
                guard !chosen.isEmpty else { throw StartFailure(.usage, "no case has these words in its name") }
                var failed = 0
                for one in chosen {
                    let differences = CaseJudge.differences(one, rules)
                    guard !differences.isEmpty else { continue }
                    failed += 1
                    print("\(one.place): \(one.name)")
                    for line in differences { print("  \(line)") }
                }
                guard failed == 0 else {
                    print("\(failed) of \(chosen.count) cases \(failed == 1 ? "does" : "do") not hold")
                    throw ExitCode(1)
                }
                print(chosen.count == 1 ? "1 case holds" : "\(chosen.count) cases hold")
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says in words what changes from one rules file to another.",
            discussion: """
                One sentence per change; what is only written differently is no change. Exit code 0 whether they \
                differ or not; 65 when a file is wrong; 66 when one cannot be read.

                Examples:
                  kapwa rules diff rules.yaml rules-new.yaml
                  git show HEAD~1:rules.yaml > /tmp/before.yaml && kapwa rules diff /tmp/before.yaml rules.yaml
                """)

        @Argument(help: "The rules as they are.")
        var old: String
        @Argument(help: "The rules as they are to be.")
        var new: String
        @OptionGroup var models: ModelsOption

        func run() async throws {
            try await Failing.withOneLine {
                let before = try RuleReading.file(old, models: models.models, agents: nil).rules
                let after = try RuleReading.file(new, models: models.models, agents: nil).rules
                let sentences = RuleDiff.words(from: before, to: after)
                for sentence in sentences { print(sentence) }
                if sentences.isEmpty { print("both mean the same") }
            }
        }
    }

    struct ModelsOption: ParsableArguments {
        @Option(help: ArgumentHelp("Directory with the break presets.", valueName: "dir"))
        var models: String?
    }
}

/// Rules files as commands read them.
enum RuleReading {
    /// Prints every error of a file and ends with 65.
    static func orFail<Value>(_ read: () throws(RuleErrors) -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            for line in error.description.split(separator: "\n") { print(line) }
            throw ExitCode(StartFailure.Code.badData.rawValue)
        }
    }

    static func file(_ path: String, models: String?, agents: [AgentCard]?) throws -> RuleFile {
        let bytes = try FileInput.bytes(path, most: Limits.rulesFileBytesMax + Limits.presetFileBytesMax)
        if let blank = RuleFile.blank(bytes, name: path) {
            print(blank)
            throw ExitCode(StartFailure.Code.badData.rawValue)
        }
        return try orFail { () throws(RuleErrors) in
            let directory = URL(filePath: models ?? ModelsDirectory.standard).appending(path: "breaks")
            let presets = try BreakPresets.load(directory: directory.path(percentEncoded: false))
            return try RuleFile.read(bytes: bytes, name: path, beside: .init(presets: presets, agents: agents)).get()
        }
    }

    /// What a file that holds amounts to.
    static func summary(_ rules: RuleSet, file: String, shift: String, hardContacts: Int) -> [String] {
        let queues = rules.queues.map(\.id.rawValue).joined(separator: ", ")
        let length = DurationText.read(shift) ?? .hours(9)
        var lines = ["\(file): holds; queues \(queues); routing \(rules.routingMode), breaks \(rules.breaksMode)"]
        func cost(_ policy: BreakPolicy, _ whose: String) {
            let words = policy.expectedCost(shift: length, hardContacts: hardContacts).words
            lines.append("expected_break_minutes_per_agent_shift\(whose): \(words)")
        }
        cost(rules.breaks, "")
        for team in rules.teams { team.breaks.map { cost($0, " of team \(team.id)") } }
        return lines
    }
}

/// Files that a command was given.
enum FileInput {
    static func bytes(_ path: String, most: Int) throws(StartFailure) -> [UInt8] {
        // Read to its end, not by its length: a pipe (`<(git show HEAD:rules.yaml)`) has none.
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: most + 1) ?? Data()
        else { throw StartFailure(.noInput, "\(path) cannot be read; name a file that is there") }
        guard data.count <= most else {
            throw StartFailure(.badData, "\(path) is longer than \(most) bytes; these are the most")
        }
        return Array(data)
    }
}
