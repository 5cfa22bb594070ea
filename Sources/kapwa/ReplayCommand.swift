import ArgumentParser
import KapwaDaemon

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the state from a journal and prints its digest, read-only.",
        discussion: """
            One line per tenant: {"tenant","events","digest","ms"}. The digest equals the one that a daemon logs when it \
            starts on the same journal.

            Examples:
              kapwa replay --data /var/lib/kapwa
            """)

    @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
    var data: String

    func run() async throws {
        try await Failing.withOneLine {
            for replayed in try ReplayedTenant.all(in: data) {
                print(
                    "{\"tenant\":\"\(replayed.tenant)\",\"events\":\(replayed.events),\"digest\":\"\(replayed.digest)\","
                        + "\"ms\":\(replayed.milliseconds)}")
            }
        }
    }
}
