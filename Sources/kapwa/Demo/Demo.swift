import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays half an hour of a contact centre against a real daemon, sped up.",
        discussion: """
            Starts a daemon on free ports with a journal in a temporary directory and two worker processes, and drives \
            them over TCP as a middleware would: 66 conversations of a food-delivery service and a mobile operator, 12 \
            agents. In a terminal it draws a live view, elsewhere it prints plain lines.

            Examples:
              kapwa demo
              kapwa demo --seconds 20
              kapwa demo --plain | less
            """)

    @Option(help: ArgumentHelp("How long the half hour takes.", valueName: "s"))
    var seconds: Int = 60
    @Option(help: ArgumentHelp("Who declines, and how fast people are, follows from it.", valueName: "n"))
    var seed: UInt64 = 1
    @Flag(help: "Plain lines, also in a terminal.")
    var plain = false
    @Option(help: ArgumentHelp("Directory with the lexicons and the demo.", valueName: "dir"))
    var models: String?
    @Option(help: ArgumentHelp("Keep the journal in this directory afterwards.", valueName: "dir"))
    var keep: String?

    func validate() throws {
        guard (5...1_800).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds); 5 to 1800 are possible")
        }
    }

    func run() async throws {
        try await Failing.withOneLine {
            let models = models ?? ModelsDirectory.standard
            let script = try DemoScript(directory: URL(filePath: models).appending(path: "demo"))
            let speed = max(1, script.seconds / seconds)
            let stage = try DemoStage(models: models, speed: speed, keep: keep)
            let view = DemoView(isLive: Terminal.isInteractive && !plain, script: script, stage: stage)
            let result = await Threads.run { [seed] in
                Result { try DemoFloor(script, stage, seed: seed).play { view.show($0) } }
            }
            view.end()
            stage.close()
            print(DemoSummary(try result.get(), script: script, stage: stage).text)
        }
    }
}
