import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain

// What people may ask of a journal that has them in it.
extension JournalTools {
    struct About: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes what the journal says of an agent, for that agent, read-only.",
            discussion: """
                Every event that names the agent as JSON lines: offers with their reasons, breaks, presence, what was \
                counted as hard. Not in it: what was weighed for colleagues, and what customers said of themselves. For \
                agents who ask what is known of them. A daemon may run meanwhile.

                Examples:
                  kapwa journal about ana --data /var/lib/kapwa > ana.jsonl
                """)

        @Argument(help: ArgumentHelp("The agent's id.", valueName: "agent"))
        var agent: String
        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String
        @Option(help: ArgumentHelp("The agent's tenant.", valueName: "name"))
        var tenant = "main"

        func run() async throws {
            try await Failing.withOneLine {
                let progress = SlowProgress()
                let out = FileHandle.standardOutput
                let count = try JournalExporter(directory: data).export(
                    about: AgentID(agent), tenant: TenantID(tenant)
                ) { done, all in
                    progress.tell { "\(done) of \(all) entries looked at" }
                } write: { lines in
                    try out.write(contentsOf: Data(lines))
                }
                if count == 0 { Failing.say("no event of tenant \(tenant) names the agent \(agent)") }
            }
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erases what the journal and its snapshots know of a customer, for good.",
            discussion: """
                For a request to be forgotten. The customer's id, topics, attributes, evidence and whatever else was said \
                go; that a conversation took place, when, and with whom stays, and so does the checksum chain. Stop the \
                daemon before: it knows the customer as long as it runs. Backups keep what they have; make them forget as \
                well, or let them go.

                Examples:
                  kapwa journal forget customer-4711 --data /var/lib/kapwa
                  kapwa journal forget customer-4711 --data /backup/kapwa-2026-11-22
                """)

        @Argument(help: ArgumentHelp("The id that senders use, or that events have.", valueName: "customer"))
        var customer: String
        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String
        @Option(help: ArgumentHelp("One tenant; all without.", valueName: "name"))
        var tenant: String?

        func run() async throws {
            try await Failing.withOneLine {
                let reports = try CustomerEraser(
                    directory: data, logger: Logs.logger("kapwa", level: "warning")
                ).forget(CustomerID(customer), of: tenant.map { TenantID($0) })
                for report in reports {
                    print(
                        "tenant \(report.tenant): \(report.events) events forgotten, \(report.snapshots) snapshots "
                            + "without the customer")
                }
                if reports.allSatisfy({ $0.events == 0 }) { print("nothing was known of the customer") }
            }
        }
    }
}
