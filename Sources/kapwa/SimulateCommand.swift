import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaRules
import KapwaSimulation

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays whole days of a contact centre in virtual time, and compares rules.",
        discussion: """
            The router is the real one; customers, agents and what goes wrong are made up from a seed. The same seed gives \
            the same day, under any rules. What it says about rules is what this made-up world says: docs/wellbeing.md \
            tells what a site must measure to know.

            In place of a rules file: standard (the floor that is simulated when none is given), plain (the rules of \
            --rules without care for stress), unstaggered (the same without a limit on how many rest at once).

            Examples:
              kapwa simulate                                         one day, with its figures
              kapwa simulate --versus plain --seeds 30               what care changes, with 95 % intervals
              kapwa simulate --rules a.yaml --versus b.yaml          two files of yours on the same days
              kapwa simulate --typhoon --html day.html               the day as a page
              kapwa simulate --history may.csv --agents 120          your own arrivals and handle times
              kapwa simulate --short --faults --check --seeds 2000   small worlds where everything goes wrong
            """)

    enum Worlds: String, ExpressibleByArgument, CaseIterable { case independent, waiting, fatigue, all }

    @Option(help: ArgumentHelp("Rules file to play.", valueName: "file"))
    var rules: String = "standard"
    @Option(help: ArgumentHelp("Rules file to compare with, on the same days.", valueName: "file"))
    var versus: String?
    @Option(help: ArgumentHelp("Days to play; 30 when comparing, 1 otherwise.", valueName: "n"))
    var seeds: Int?
    @Option(help: ArgumentHelp("The first seed.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("People on the payroll.", valueName: "n"))
    var agents: Int?
    @Option(help: ArgumentHelp("Conversations of a day.", valueName: "n"))
    var conversations: Int?
    @Option(
        help: ArgumentHelp(
            "What moods follow: \(Worlds.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "world"))
    var world: Worlds = .waiting
    @Flag(help: "Three times as many come from 14:00 to 20:00, six of ten hard.")
    var typhoon = false
    @Flag(help: "Messages get lost, clocks stall, disks fill, the daemon is stopped …")
    var faults = false
    @Flag(help: "Small worlds of an hour, each different, instead of whole days.")
    var short = false
    @Flag(help: "Have the auditor and all invariants look on.")
    var check = false
    @Option(
        help: ArgumentHelp(
            "Your own day: interval, arrivals, handled, average handle time, abandoned.", valueName: "csv"))
    var history: String?
    @Option(help: ArgumentHelp("Write the first day as a page.", valueName: "file"))
    var html: String?
    @Option(help: ArgumentHelp("Write the comparison as a picture.", valueName: "file"))
    var svg: String?
    @Flag(help: "Print tables as Markdown.")
    var markdown = false
    @Option(help: ArgumentHelp("Days played at once.", valueName: "n"))
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard (1...10_000_000).contains(seeds ?? 1), jobs > 0 else {
            throw ValidationError("--seeds is 1 to 10000000, --jobs at least 1")
        }
        guard (1...Limits.agentsMax).contains(agents ?? 1), (1...1_000_000).contains(conversations ?? 1) else {
            throw ValidationError("--agents is 1 to \(Limits.agentsMax), --conversations 1 to 1000000")
        }
        if svg != nil && versus == nil {
            throw ValidationError("--svg draws a comparison: name the other rules with --versus")
        }
    }

    func run() async throws {
        try await Failing.withOneLine {
            let (first, others) = try SimulationFiles.rules(rules, versus)
            let settings = try worldSettings()
            var groups: [(name: String, comparison: Comparison)] = []
            let kinds =
                world == .all ? WorldSettings.Kind.allCases : [WorldSettings.Kind(rawValue: world.rawValue) ?? .waiting]
            for kind in kinds {
                var settings = settings
                settings.kind = kind
                var run = SimulationRun(settings: settings, rules: [first] + others)
                run.isShort = short
                run.hasFaults = faults
                run.isChecked = check
                let view = SimulateView(command: self, run: run, kind: kind, names: names)
                groups.append((view.heading, try await view.play()))
            }
            guard let svg else { return }
            let title = "\(names[0]) and \(names.dropFirst().first ?? "")"
            try SimulationFiles.write(ComparisonPicture(title: title, groups: groups).svg, to: svg)
        }
    }

    /// What stands over the columns.
    var names: [String] { [rules] + (versus.map { [$0] } ?? []) }
    var seedCount: Int { seeds ?? (versus == nil ? 1 : 30) }

    private func worldSettings() throws(StartFailure) -> WorldSettings {
        var settings = WorldSettings()
        settings.typhoon = typhoon
        settings.agents = agents ?? settings.agents
        if let history {
            let known = try SimulationFiles.history(history)
            settings.history = known
            settings.conversations = Int(known.arrived.rounded())
        }
        settings.conversations = conversations ?? settings.conversations
        guard settings.conversations > 0 else {
            throw StartFailure(.badData, "\(history ?? "") counts nobody who came; there is nothing to play")
        }
        return settings
    }

    /// What plays one day alone again.
    func again(seed: UInt64, kind: WorldSettings.Kind) -> String {
        var words = ["kapwa simulate", "--seed \(seed)", "--seeds 1"]
        if rules != "standard" { words.append("--rules \(rules)") }
        if let versus { words.append("--versus \(versus)") }
        if let agents { words.append("--agents \(agents)") }
        if let conversations { words.append("--conversations \(conversations)") }
        if !short { words.append("--world \(kind.rawValue)") }
        if let history { words.append("--history \(history)") }
        for (flag, isSet) in [("typhoon", typhoon), ("faults", faults), ("short", short), ("check", check)] where isSet
        {
            words.append("--\(flag)")
        }
        return words.joined(separator: " ")
    }
}

/// Files that a simulation reads and writes.
enum SimulationFiles {
    /// The rules to play, and those to compare with, if any.
    static func rules(_ first: String, _ second: String?) throws(StartFailure) -> (RuleSet, [RuleSet]) {
        let base = try named(first, base: SimulatedFloor.rules)
        guard let second else { return (base, []) }
        return (base, [try named(second, base: base)])
    }

    private static func named(_ name: String, base: RuleSet) throws(StartFailure) -> RuleSet {
        switch name {
        case "standard": return SimulatedFloor.rules
        case "plain": return base.withoutCare
        case "unstaggered": return base.withoutStagger
        default: break
        }
        let bytes = try FileInput.bytes(name, most: Limits.rulesFileBytesMax)
        switch RuleFile.read(bytes: bytes, name: name) {
        case .success(let read):
            var rules = read.rules
            rules.hash = name
            return rules
        case .failure(let errors):
            throw StartFailure(.badData, errors.errors.map(\.description).joined(separator: "\n"))
        }
    }

    static func history(_ path: String) throws(StartFailure) -> History {
        let bytes = try FileInput.bytes(path, most: Limits.historyFileBytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StartFailure(.badData, "\(path) is not UTF-8; save it as \"CSV UTF-8\"")
        }
        switch HistoryFile.read(text: text, name: path) {
        case .success(let history): return history
        case .failure(let errors):
            throw StartFailure(.badData, errors.errors.map(\.description).joined(separator: "\n"))
        }
    }

    static func write(_ text: String, to path: String) throws(StartFailure) {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw StartFailure(.cannotCreate, "\(path) cannot be written; name a place that you may write to")
        }
    }
}
