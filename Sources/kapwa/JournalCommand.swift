import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaJournal

struct JournalTools: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Verifies, exports, copies and restores a journal, and has it forget.",
        discussion: """
            All of these read only, but restore, which writes into a directory that is empty, and forget.
            """,
        subcommands: [Verify.self, Export.self, About.self, Backup.self, Restore.self, Forget.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks that no event is missing and no bit of one has changed.",
            discussion: """
                Walks the whole journal: gapless sequences, the checksum chain, the personal parts that are still there, \
                and every snapshot. A daemon may run meanwhile. Exit code 0 when all is well, 1 with the place of the first \
                damage, 66 when there is no journal.

                Examples:
                  kapwa journal verify --data /var/lib/kapwa
                  kapwa journal verify --data /backup/kapwa-2026-11-22
                """)

        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String

        func run() async throws {
            try await Failing.withOneLine {
                do {
                    let progress = SlowProgress()
                    let report = try JournalVerifier(directory: data).verify { done, all in
                        progress.tell { "\(done) of \(all) entries verified" }
                    }
                    JournalTools.tell(report)
                    if let fault = report.fault {
                        print("damaged: \(fault)")
                        throw ExitCode(1)
                    }
                    let broken = try SnapshotCheck.broken(in: data)
                    for sentence in broken.sentences { print("damaged: \(sentence)") }
                    print("\(broken.sound) snapshots")
                    guard broken.sentences.isEmpty else { throw ExitCode(1) }
                    print("no event is missing, no bit of one has changed")
                } catch let error as JournalError {
                    throw StartFailure(error)
                }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes events as JSON lines, read-only.",
            discussion: """
                Events as events.read gives them, one a line, in order. --public leaves out what customers and agents said \
                of themselves: names, topics, attributes, evidence, free words. Sequences count from 1 for each tenant. A \
                daemon may run meanwhile.

                Examples:
                  kapwa journal export --data /var/lib/kapwa > events.jsonl
                  kapwa journal export --data /var/lib/kapwa --from 5000 --to 6000 --public
                  kapwa journal export --data /var/lib/kapwa --types offer.made,offer.declined
                """)

        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String
        @Option(help: ArgumentHelp("One tenant; all without.", valueName: "name"))
        var tenant: String?
        @Option(help: ArgumentHelp("The first sequence.", valueName: "seq"))
        var from: Int64 = 1
        @Option(help: ArgumentHelp("The last sequence; to the end without.", valueName: "seq"))
        var to: Int64?
        @Option(help: ArgumentHelp("Types of events, separated by commas; all without.", valueName: "types"))
        var types: String?
        @Flag(help: "Without personal parts.")
        var `public` = false

        func validate() throws {
            guard from >= 1, (to ?? from) >= from else {
                throw ValidationError("--from is 1 or more, and --to not before it")
            }
            for type in typeNames ?? [] where !JournalExporter.types.contains(type) {
                throw ValidationError("there is no event type \"\(type)\"; docs/protocol.md lists them")
            }
        }

        private var typeNames: Set<String>? { types.map { Set($0.split(separator: ",").map(String.init)) } }

        func run() async throws {
            try await Failing.withOneLine {
                var choice = JournalExporter.Choice()
                choice.tenant = tenant.map { TenantID($0) }
                choice.from = from
                choice.to = to ?? .max
                choice.types = typeNames
                choice.isPublic = self.public
                let progress = SlowProgress()
                let out = FileHandle.standardOutput
                _ = try JournalExporter(directory: data).export(choice) { done, all in
                    progress.tell { "\(done) of \(all) entries looked at" }
                } write: { lines in
                    try out.write(contentsOf: Data(lines))
                }
            }
        }
    }

    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copies a journal with its snapshots, and verifies the copy.",
            discussion: """
                Copies what is committed when it begins; a daemon may run meanwhile and is not held up. The copy has its \
                name only once it is complete and verified. It holds the same personal facts as the journal, readable by \
                its owner alone.

                Examples:
                  kapwa journal backup --data /var/lib/kapwa --to /backup/kapwa-2026-11-22
                  kapwa journal verify --data /backup/kapwa-2026-11-22
                """)

        @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
        var data: String
        @Option(help: ArgumentHelp("Directory to be made; empty, if it is there.", valueName: "dir"))
        var to: String

        func run() async throws {
            try await JournalTools.copying { try $0.make(of: data, to: to) }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lays out a backup as the data directory of a daemon.",
            discussion: """
                Never overwrites: the directory must be empty or not there, and no daemon may serve it. To go back to an \
                older state, stop the daemon and move its directory away first.

                Examples:
                  kapwa journal restore --from /backup/kapwa-2026-11-22 --data /var/lib/kapwa
                """)

        @Option(help: ArgumentHelp("Directory of the backup.", valueName: "dir"))
        var from: String
        @Option(help: ArgumentHelp("Data directory to be made; empty, if it is there.", valueName: "dir"))
        var data: String

        func run() async throws {
            try await JournalTools.copying { try $0.restore(from, to: data) }
            Failing.say(
                "a backup has no keys: copy keys/ and http.token from where they are, or make new ones with kapwa keys new; "
                    + "a daemon without keys lets in everybody on this machine")
        }
    }

    private static func copying(_ body: (JournalBackup) throws -> JournalBackup.Report) async throws {
        try await Failing.withOneLine {
            do {
                let progress = SlowProgress()
                let report = try body(
                    JournalBackup { step in
                        progress.tell {
                            switch step {
                            case .copying(let done, let all): "\(all == 0 ? 100 : done * 100 / all) % copied"
                            case .verifying(let done, let all): "\(done) of \(all) entries verified"
                            }
                        }
                    })
                tell(report.verified)
                print("\(report.snapshots) snapshots")
                print("\(report.path): \(report.bytes) bytes, complete and verified")
            } catch let error as JournalError {
                throw StartFailure(error)
            }
        }
    }

    private static func tell(_ report: JournalVerifier.Report) {
        for tenant in report.tenants {
            print("tenant \(tenant.tenant): \(tenant.entries) entries up to \(tenant.head), chain \(tenant.chain)")
        }
        print(
            "\(report.personalParts) personal parts, \(report.forgotten) forgotten, "
                + "\(report.sealedParts) sealed parts, \(report.erased) whose key was erased, "
                + "\(report.rememberedReplies) remembered replies, \(report.rules) rules texts")
    }
}

/// Says on standard error how far something is that takes more than two seconds, once a second.
final class SlowProgress {
    private var next = Date(timeIntervalSinceNow: 2)

    func tell(_ text: () -> String) {
        guard Date() >= next else { return }
        next = Date(timeIntervalSinceNow: 1)
        Failing.say(text())
    }
}
