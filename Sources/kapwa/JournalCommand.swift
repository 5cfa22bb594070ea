import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaJournal

struct JournalTools: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Looks at a journal, read-only.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks that nothing is missing and no bit has changed.",
            discussion: """
                Walks the whole journal: gapless sequences, the checksum chain, the personal parts that are still there. \
                A daemon may run meanwhile. Exit code 0 when all is well, 1 with the place of the first damage, 66 when \
                there is no journal.

                Examples:
                  kapwa journal verify --data /var/lib/kapwa
                """)

        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String

        func run() async throws {
            try await Failing.withOneLine {
                do {
                    let verifier = try JournalVerifier(directory: data)
                    var shown = Date()
                    let report = try verifier.verify { done, all in
                        guard Date().timeIntervalSince(shown) > 1 else { return }
                        shown = Date()
                        Failing.say("\(done) of \(all) entries")
                    }
                    for tenant in report.tenants {
                        print(
                            "tenant \(tenant.tenant): \(tenant.entries) entries up to \(tenant.head), chain \(tenant.chain)"
                        )
                    }
                    print(
                        "\(report.personalParts) personal parts, \(report.forgotten) forgotten, "
                            + "\(report.rememberedReplies) remembered replies, \(report.rules) rules texts")
                    if let fault = report.fault {
                        print("damaged: \(fault)")
                        throw ExitCode(1)
                    }
                    print("nothing is missing, no bit has changed")
                } catch let error as JournalError {
                    throw StartFailure(error)
                }
            }
        }
    }
}

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
