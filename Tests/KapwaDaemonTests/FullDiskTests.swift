import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaSentiment
import KapwaWire
import Logging
import Testing

@testable import KapwaDaemon
@testable import KapwaTransport

/// A pipeline on a journal in memory whose first commits meet a full disk. Its clock runs fast, so that looking for
/// space once a second takes no second.
@Suite struct FullDiskTests {
    private final class NoDelegate: TransportDelegate {
        func received(_ batch: consuming InboundBatch) {}
        func scored(_ outcome: consuming ScoringOutcome) {}
        func noticed(_ notice: TransportNotice) {}
    }

    @Test("rules that meet a full disk take effect when there is space; a change that met it is not carried out")
    func rulesWait() throws {
        let clock = DaemonClock(notBefore: Instant(milliseconds: 0), speed: 100)
        let mailbox = Mailbox()
        // Commit 1 is the batch, 2 a look for space, 3 the rules, 4 a look again; after that there is space.
        let journal = InMemoryJournal(now: clock.now) { commit in
            if commit >= 6 { mailbox.post(.stop) }
            return commit == 1 || commit == 3 ? .full : nil
        }
        let transport = try Transport(TransportConfiguration(), delegate: NoDelegate())
        defer { transport.stop() }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let around = Pipeline.Surroundings(
            mailbox: mailbox, clock: clock, transport: transport,
            reads: ReadDesk(reader: journal, logger: logger) { _ in }, metrics: FloorMetrics(version: "1"),
            board: StatusBoard(), logger: logger, keepsWords: true)
        let router = Router(
            state: RoutingState(tenant: "main"), rules: .standard, lexicon: "l", version: "1")
        let lexicon = try LexiconLoading.lexicon(models: LiveDaemonTests.models, overlays: [])
        let pipeline = Pipeline(
            around, journal: journal, replayer: Replayer(reader: journal), routers: [router],
            scorer: Scorer(lexicon: lexicon))
        let upsert = Command(id: "1", body: .agentUpsert(AgentUpsert(agent: "ana")))
        mailbox.post(
            .messages([
                IncomingMessage(
                    peer: PeerID(index: 1, generation: 1), caller: .keyless, ticket: 1,
                    commands: [DecodedCommand(id: "1", hash: BodyHash(high: 1, low: 1), result: .success(upsert))])
            ]))
        var rules = RuleSet.standard
        rules.hash = Checksum.sha256Hex([1])
        mailbox.post(.change(RulesChange(rules: rules, text: [1], lexicon: lexicon, by: "test")))
        #expect(pipeline.run() == nil)
        let events = try journal.events(tenant: "main", after: 0, limit: 100, types: nil, maxBytes: 100_000)
        #expect(events.entries.contains { $0.type == "rules.changed" })
        #expect(!events.entries.contains { $0.type == "agent.upserted" })
        #expect(try journal.recall(tenant: "main", sender: "", id: "1") == nil)
        #expect(try journal.rules(hash: rules.hash) == [1])
    }
}
