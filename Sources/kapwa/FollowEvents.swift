import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaTransport
import KapwaWire

struct FollowEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Follows a daemon's events, without gaps.",
        discussion: """
            Prints one event per line, in order of their sequence, each once. The socket is only a hint: what it did not \
            bring is read back with events.read. Begins with the next event, or after --after.

            Examples:
              kapwa events
              kapwa events --after 0 --types offer.made,conversation.assigned
              kapwa events --after 0 --until-head      print what is there and end
              kapwa events --commands tcp://10.0.0.5:7411 --events tcp://10.0.0.5:7412 --key wall.secret
            """)

    @Option(help: ArgumentHelp("The daemon's commands socket.", valueName: "endpoint"))
    var commands: String = "tcp://127.0.0.1:7411"
    @Option(help: ArgumentHelp("The daemon's events socket.", valueName: "endpoint"))
    var events: String = "tcp://127.0.0.1:7412"
    @Option(help: ArgumentHelp("Begin after this sequence; 0 is the beginning.", valueName: "seq"))
    var after: Int64?
    @Option(help: ArgumentHelp("Only these types, separated by commas.", valueName: "types"))
    var types: String?
    @Option(help: ArgumentHelp("The tenant.", valueName: "name"))
    var tenant: String = "main"
    @OptionGroup var keys: KeyOptions
    @Flag(help: "End when everything that is there was printed.")
    var untilHead = false

    func run() async throws {
        try await Failing.withOneLine {
            do {
                let follower = try EventFollower(
                    commands: commands, events: events, tenant: tenant,
                    types: types?.split(separator: ",").map(String.init), after: after, key: keys.clientKey())
                try follower.run(untilHead: untilHead) { event in
                    print(event)
                    fflush(nil)
                }
            } catch let error as TransportError {
                throw StartFailure(.unavailable, "\(commands): \(error)")
            }
        }
    }
}
