import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaJournal

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says why a conversation went to whom it went, or why it waits.",
        discussion: """
            Recomputes the decision from the journal alone: every agent with what spoke for and against, how long \
            each thing took, and whether that is what was recorded. Read-only; a daemon may run meanwhile. What an agent has \
            had to carry is shown as low, middle or high.

            Without --offer or --at: where it stands if it waits, else the last decision about it. Times are UTC.

            Examples:
              kapwa why c-1 --data /var/lib/kapwa
              kapwa why c-1 --data /var/lib/kapwa --offer o812
              kapwa why c-1 --data /var/lib/kapwa --at 700 --json
              kapwa why --break b901 --data /var/lib/kapwa
              kapwa why c-1 --data /var/lib/kapwa --auditor 'Ana Cruz' --key audit.secret
            """)

    @Argument(help: ArgumentHelp("The conversation to explain.", valueName: "conversation"))
    var conversation: String?

    @Option(help: ArgumentHelp("Directory of the journal.", valueName: "dir"))
    var data: String

    @Option(help: ArgumentHelp("The tenant whose it is.", valueName: "name"))
    var tenant = "main"

    @Option(help: ArgumentHelp("Explain this offer.", valueName: "id"))
    var offer: String?

    @Option(help: ArgumentHelp("Explain how it stood after the event with this sequence number.", valueName: "seq"))
    var at: Int64?

    @Option(name: .customLong("break"), help: ArgumentHelp("Explain this break instead.", valueName: "id"))
    var breakID: String?

    @Option(
        help: ArgumentHelp(
            "Show every figure of what agents had to carry; the look is kept under this name.", valueName: "name"))
    var auditor: String?

    @Option(
        help: ArgumentHelp(
            "The auditor's key (KAPWA_KEY); needed with --auditor once keys were made.", valueName: "file"))
    var key: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (conversation == nil) != (breakID == nil) else {
            throw ValidationError("name a conversation, or a break with --break")
        }
        guard offer == nil || at == nil else { throw ValidationError("--offer and --at exclude each other") }
        guard breakID == nil || (offer == nil && at == nil) else {
            throw ValidationError("--offer and --at go with a conversation")
        }
        guard auditor?.isEmpty != true else { throw ValidationError("--auditor needs a name") }
    }

    func run() async throws {
        try await Failing.withOneLine {
            do {
                let reader: JournalReader
                do throws(JournalError) { reader = try JournalReader(directory: data) } catch {
                    throw StartFailure(error)
                }
                let audience: WhyAudience = auditor == nil ? .everyone : .auditor
                if let auditor {
                    let file = key ?? ProcessInfo.processInfo.environment["KAPWA_KEY"]
                    let shown = try KeyDirectory(data: data).auditor(showing: file, tenant: tenant)
                    let what = breakID.map { "break \($0)" } ?? "conversation \(conversation ?? "")"
                    try AuditorLook.keep(by: auditor, key: shown, what: what, tenant: tenant, in: data)
                }
                let snapshots = SnapshotStore(directory: data)
                if let breakID {
                    let why = BreakReader(reader: reader, snapshots: snapshots)
                    try show(why.answer(BreakID(breakID), tenant: TenantID(tenant)), audience)
                } else {
                    let why = WhyReader(reader: reader, snapshots: snapshots)
                    try show(why.answer(question), audience)
                }
            } catch let refusal as Refusal {
                throw StartFailure(.failed, refusal.message)
            }
        }
    }

    private var question: WhyQuestion {
        var moment = WhyQuestion.Moment.latest
        if let offer { moment = .offer(OfferID(offer)) }
        if let at { moment = .sequence(at) }
        return WhyQuestion(
            tenant: TenantID(tenant), conversation: ConversationID(conversation ?? ""), moment: moment)
    }

    private func show(_ answer: some WhyShown, _ audience: WhyAudience) {
        guard !json else { return print(String(decoding: answer.json(for: audience), as: UTF8.self)) }
        print(answer.title)
        for chapter in answer.chapters(for: audience) {
            print("\n\(chapter.title)")
            for sentence in chapter.sentences { print("  \(sentence)") }
        }
    }
}
