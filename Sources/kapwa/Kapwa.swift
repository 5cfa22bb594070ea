import ArgumentParser
import KapwaDaemon

@main
struct Kapwa: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kapwa",
        abstract: "A sentiment-aware router for contact centres.",
        discussion: """
            Middleware sends conversations over ZeroMQ; Kapwa reads how people feel in Tagalog, Taglish and English, \
            gives each conversation to the right agent, and enforces breaks that follow the stress an agent has had.

            Begin here:
              kapwa demo                              watch half an hour of a contact centre in a minute
              kapwa serve --data ./data               run the daemon
              kapwa send commands.jsonl               talk to it
              kapwa score "ang tagal naman po"        see how a text is read
            """,
        version: KapwaVersion.current,
        subcommands: [
            Serve.self, ScoreCommand.self, Send.self, FollowEvents.self, Demo.self, Rules.self, Simulate.self,
            Replay.self, Why.self, JournalTools.self, Keys.self, Worker.self, Bench.self,
        ])
}
