import Foundation
import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import Logging

@testable import KapwaDaemon

/// A floor whose journal is made here and now, event by event, as a daemon would.
final class JournaledFloor {
    let directory = FileManager.default.temporaryDirectory.appending(path: "kapwa-keep-\(UUID().uuidString)")
        .path(percentEncoded: false)
    let journal: SQLiteJournal
    let reader: JournalReader
    let taker: SnapshotTaker
    var router: Router
    private var encoder = JournalEncoder()
    private var commands = 0

    init(_ now: Instant) throws {
        journal = try SQLiteJournal(directory: directory, now: now)
        reader = try JournalReader(directory: directory)
        let store = SnapshotStore(directory: directory)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        taker = SnapshotTaker(
            replayer: Replayer(reader: reader, snapshots: store, logger: logger), store: store, logger: logger)
        var rules = RuleSet.standard
        // What waits does so for as long as the test needs.
        rules.queues[0].maxWait = .days(30)
        router = Router(state: RoutingState(tenant: "main"), rules: rules, lexicon: "l", version: "1")
        router.start(at: now, digest: "")
        router.change(to: rules, lexicon: "l", by: nil, at: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func send(_ body: Command.Body, at now: Instant) throws {
        commands += 1
        _ = try router.handle(Command(id: CommandID("c\(commands)"), body: body), at: now).get()
        router.match(at: now)
        let state = router.state
        try journal.append(
            entries: router.takeEvents().map { encoder.entry($0) { state.customer(of: $0) } }, remembered: [])
    }

    /// A conversation that begins, and ends if it is said to.
    func converse(
        _ name: String, at now: Instant, ends: Bool = true, found: Assessment = Assessment()
    ) throws {
        try send(
            .conversationMessage(
                ConversationMessage(
                    conversation: ConversationID(name), from: .customer, text: "words", channel: .email,
                    customer: CustomerID("of-\(name)"), assessment: found)), at: now)
        guard ends else { return }
        try send(
            .conversationClose(ConversationClose(conversation: ConversationID(name), outcome: .resolved)),
            at: now + 1_000)
    }

    func trim(through end: Int64) throws {
        while try journal.trim("main", through: end, limit: 7) {}
    }
}
