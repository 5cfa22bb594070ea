public import ArgumentParser
import Foundation
import KapwaDaemon
public import KapwaDomain
import KapwaTransport

extension Role: ExpressibleByArgument {}

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes, lists and revokes the keys by which peers come in.",
        discussion: """
            The daemon keeps public halves and what their owners may do, in the directory "keys" of its data; a \
            running one sees a change within a second. The secret half is in the one file that "keys new" writes, for \
            whoever is to have it: hand it over by a way that nobody else can read. What each role may do is in \
            docs/protocol.md.

            Examples:
              kapwa keys new crm --role middleware --data /var/lib/kapwa
              kapwa keys list --data /var/lib/kapwa
              kapwa keys revoke crm --data /var/lib/kapwa
              kapwa keys show-server --data /var/lib/kapwa
            """,
        subcommands: [New.self, List.self, Revoke.self, ShowServer.self])

    /// Where the keys are.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The daemon's data directory (KAPWA_DATA).", valueName: "dir"))
        var data: String?

        func directory() throws(StartFailure) -> KeyDirectory {
            guard let data = data ?? ProcessInfo.processInfo.environment["KAPWA_DATA"] else {
                throw StartFailure(.usage, "no data directory; name the daemon's with --data DIR or KAPWA_DATA")
            }
            return KeyDirectory(data: data)
        }
    }

    fileprivate static var now: Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key.",
            discussion: """
                Writes the secret half to NAME.secret, or to --out, readable by you alone and never over another \
                file. It is nowhere else: who loses it makes a new key.

                Examples:
                  kapwa keys new crm --role middleware --tenant main --data /var/lib/kapwa
                  kapwa keys new desk --role middleware --agent ana --agent ben --data /var/lib/kapwa
                  kapwa keys new ana --role agent --agent ana --out ana.secret --data /var/lib/kapwa
                  kapwa keys new gpu-1 --role worker --data /var/lib/kapwa
                  kapwa keys new wallboard --role observer --queue food --data /var/lib/kapwa
                """)

        @Argument(help: ArgumentHelp("The key's name; commands by it have it as their sender.", valueName: "name"))
        var name: String
        @Option(help: ArgumentHelp("What it is for.", valueName: "role"))
        var role: Role
        @Option(help: ArgumentHelp("The tenant that it belongs to (main).", valueName: "name"))
        var tenant: String?
        @Option(help: ArgumentHelp("A queue that it is bound to; may be repeated. Without: all.", valueName: "name"))
        var queue: [String] = []
        @Option(
            help: ArgumentHelp(
                "Of role agent: the agent that it is. Of middleware and supervisor: one whose private topic it may "
                    + "read; may be repeated.",
                valueName: "id"))
        var agent: [String] = []
        @Flag(help: "Of middleware and supervisor: it may read the private topics of all agents.")
        var allAgents = false
        @Option(help: ArgumentHelp("Where the secret half goes (NAME.secret).", valueName: "file"))
        var out: String?
        @OptionGroup var place: Place

        func run() async throws {
            try await Failing.withOneLine {
                let record = try KeyRecord(
                    name: name, role: role, tenant: tenant, queues: queue, agents: agent, allAgents: allAgents,
                    madeAt: Keys.now)
                let directory = try place.directory()
                let file = out ?? "\(name).secret"
                let made = try directory.make(record, out: file)
                print("key \"\(made.name)\" of role \(made.role.rawValue)\(Keys.shown(made))")
                print("secret half: \(file)")
                print("A daemon that runs without keys asks for them from its next start on.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the keys: name, role, what each is bound to, when it was made or revoked.",
            discussion: """
                Examples:
                  kapwa keys list --data /var/lib/kapwa
                """)

        @OptionGroup var place: Place

        func run() async throws {
            try await Failing.withOneLine {
                let records = try place.directory().list()
                for record in records {
                    let state =
                        record.revokedAt.map { "revoked \(Keys.time($0))" } ?? "made \(Keys.time(record.madeAt))"
                    print("\(record.name)  \(record.role.rawValue)  \(state)\(Keys.shown(record))")
                }
                if records.isEmpty { Failing.say("kapwa: there is no key yet; make one with kapwa keys new") }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a key back: a running daemon cuts its owner off within a second.",
            discussion: """
                The name may be given to another key afterwards.

                Examples:
                  kapwa keys revoke crm --data /var/lib/kapwa
                """)

        @Argument(help: ArgumentHelp("The key's name.", valueName: "name"))
        var name: String
        @OptionGroup var place: Place

        func run() async throws {
            try await Failing.withOneLine {
                let record = try place.directory().revoke(name, at: Keys.now)
                print("key \"\(record.name)\" of role \(record.role.rawValue) is revoked")
            }
        }
    }

    struct ShowServer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show-server",
            abstract: "Prints the daemon's public key, by which its peers know it; makes one if there is none.",
            discussion: """
                Examples:
                  kapwa keys show-server --data /var/lib/kapwa > server.key
                """)

        @OptionGroup var place: Place

        func run() async throws {
            try await Failing.withOneLine { print(try place.directory().serverKey().publicKey) }
        }
    }

    fileprivate static func shown(_ record: KeyRecord) -> String {
        record.bindings.isEmpty ? "" : "; \(record.bindings)"
    }

    fileprivate static func time(_ instant: Instant) -> String { KeyRecord.time(instant) }
}
