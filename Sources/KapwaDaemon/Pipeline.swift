import KapwaDomain
import KapwaJournal
import KapwaMetrics
import KapwaRouting
import KapwaRules
import KapwaSentiment
import KapwaTransport
import KapwaWire
import Logging

/// What the router thread does: take a batch, decide it, commit it, and only then let replies and events out.
///
/// Lives on that thread alone. Command 2 of a batch sees what command 1 did; matching runs once at its end.
final class Pipeline {
    /// What it needs besides itself.
    struct Surroundings: Sendable {
        var mailbox: Mailbox
        var clock: DaemonClock
        var transport: Transport
        var reads: ReadDesk
        var metrics: FloorMetrics
        var board: StatusBoard
        var logger: Logger
    }

    private let around: Surroundings
    /// Scores what no worker did.
    private let scorer: Scorer
    var journal: any Journal
    let replayer: Replayer
    /// One per tenant, in the order of the configuration.
    var routers: [TenantID: Router]
    let tenants: [TenantID]

    private var encoder = JournalEncoder()
    private var events = EventEncoder()
    private var replies = ReplyEncoder()
    private var writer = ByteWriter()
    private var batch = Batch()
    /// Since when there is no space; `nil` while there is.
    private var fullSince: Instant?
    private var nextProbe = Instant(milliseconds: 0)
    private var lastTurn: Instant
    private var nextStatus: UInt64 = 0

    init(
        _ around: Surroundings, journal: any Journal, replayer: Replayer, routers: [TenantID: Router],
        tenants: [TenantID], scorer: Scorer
    ) {
        self.scorer = scorer
        self.around = around
        self.journal = journal
        self.replayer = replayer
        self.routers = routers
        self.tenants = tenants
        lastTurn = around.clock.now
    }

    /// Works until it is told to stop. Returns the error after which it could not go on.
    func run() -> JournalError? {
        do throws(JournalError) {
            var isStopping = false
            while !isStopping {
                let items = around.mailbox.take(within: idleTime)
                isStopping = try turn(items)
            }
            try journal.close()
            return nil
        } catch {
            around.board.fail(error)
            return error
        }
    }

    /// Until the next timer is due, at most a quarter of a second: clock gaps and health are looked at between.
    private var idleTime: Milliseconds {
        let next = tenants.compactMap { routers[$0]?.state.nextDeadline }.min()
        guard let next else { return 250 }
        return min(250, around.clock.realTime(until: next))
    }

    /// One turn; true when it was told to stop.
    private func turn(_ items: [WorkItem]) throws(JournalError) -> Bool {
        let now = around.clock.now
        noteGap(now)
        var isStopping = false
        for item in items {
            switch item {
            case .messages(let messages):
                for message in messages {
                    decide(message, now)
                    if batch.commands >= Limits.batchCommandsMax { try finish(now) }
                }
            case .change(let change): try apply(change, now)
            case .stop: isStopping = true
            }
        }
        for tenant in tenants { routers[tenant]?.tick(at: now) }
        try finish(now)
        try probeIfFull(now)
        if around.mailbox.takeRelief() { around.transport.resumeReading() }
        reportStatus(now)
        return isStopping
    }

    private func noteGap(_ now: Instant) {
        let gap = now - lastTurn
        lastTurn = now
        // A demonstration's clock runs faster than the loop; its turns are no gaps.
        guard gap > .seconds(5), around.clock.realTime(until: now + gap) > .seconds(5) else { return }
        around.logger.warning("the clock was not watched", metadata: ["gap_ms": "\(gap)"])
        for tenant in tenants { routers[tenant]?.noteClockGap(gap, at: now) }
    }

    // MARK: Deciding

    private func decide(_ message: IncomingMessage, _ now: Instant) {
        let begun = DaemonClock.nanosecondsSinceBoot()
        var pending = PendingReply(peer: message.peer, ticket: message.ticket)
        for command in message.commands { decide(command, into: &pending, now) }
        batch.commands += message.commands.count
        batch.messages.append(pending)
        around.metrics.decided(nanoseconds: DaemonClock.nanosecondsSinceBoot() - begun)
    }

    private func decide(_ decoded: DecodedCommand, into pending: inout PendingReply, _ now: Instant) {
        switch decoded.result {
        case .failure(let refusal):
            around.metrics.rejected(refusal)
            pending.frames.append(.ready(replies.bytes(of: Reply(id: decoded.id, result: .failure(refusal)))))
        case .success(let command):
            let frame = decide(command, decoded.hash, now)
            pending.frames.append(frame)
        }
    }

    private func decide(_ command: Command, _ hash: BodyHash, _ now: Instant) -> PendingReply.Frame {
        switch command.body {
        case .eventsRead(let body):
            around.metrics.answered(command.body, refusal: nil)
            return .read(PendingReply.Read(id: command.id, tenant: command.tenant, read: body))
        case .ping:
            return .ready(answer(command, .success(pong(command.tenant, now))))
        case .stateRead:
            return .ready(answer(command, route(command, now)))
        default:
            return .ready(change(command, hash, now))
        }
    }

    /// A command that may change something: refused when there is no room, answered once, remembered.
    private func change(_ command: Command, _ hash: BodyHash, _ now: Instant) -> [UInt8] {
        if fullSince != nil { return answer(command, .failure(Self.noSpace)) }
        if let refusal = Admission.refusal(command, fill: around.mailbox.fill, routers[command.tenant]?.state) {
            return answer(command, .failure(refusal))
        }
        let key = RememberedKey(tenant: command.tenant, sender: command.sender, id: command.id)
        if let known = recall(key) { return answerAgain(command, hash, known) }
        let result = route(command.scored(by: scorer), now)
        let bytes = answer(command, result)
        if case .success(let accepted) = result, Admission.isRemembered(command, accepted) {
            batch.remember(key, hash, bytes, at: now)
        }
        return bytes
    }

    private func recall(_ key: RememberedKey) -> Remembered? {
        if let inBatch = batch.rememberedByKey[key] { return inBatch }
        do throws(JournalError) {
            return try journal.recall(tenant: key.tenant, sender: key.sender, id: key.id).map {
                Remembered(hash: BodyHash(high: $0.hash.0, low: $0.hash.1), reply: $0.reply)
            }
        } catch {
            around.logger.error("a remembered reply could not be read", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func answerAgain(_ command: Command, _ hash: BodyHash, _ known: Remembered) -> [UInt8] {
        guard known.hash == hash else {
            return answer(
                command,
                .failure(
                    Refusal(
                        .idConflict,
                        "id \"\(command.id)\" was answered for a command with another body; choose a"
                            + " fresh id", field: "id")))
        }
        around.metrics.duplicated(command.body)
        return ReplyEncoder.duplicate(of: known.reply)
    }

    private func route(_ command: Command, _ now: Instant) -> Result<Reply.Accepted, Refusal> {
        // The decoder lets only the configured tenants through.
        routers[command.tenant]?.handle(command, at: now)
            ?? .failure(Refusal(.unknownTenant, "\(command.tenant) is not in the configuration", field: "tenant"))
    }

    private func answer(_ command: Command, _ result: Result<Reply.Accepted, Refusal>) -> [UInt8] {
        if case .failure(let refusal) = result {
            around.metrics.answered(command.body, refusal: refusal.code)
        } else {
            around.metrics.answered(command.body, refusal: nil)
        }
        return replies.bytes(of: Reply(id: command.id, result: result))
    }

    private func pong(_ tenant: TenantID, _ now: Instant) -> Reply.Accepted {
        Reply.Accepted(
            sequence: routers[tenant]?.state.sequence ?? 0,
            details: .pong(
                version: KapwaVersion.current, now: now, idsSince: journal.idsSince,
                mode: routers[tenant]?.rules.routingMode ?? .enforce))
    }

    static let noSpace = Refusal(.unavailable, "the disk is full, nothing can be made durable; send it again later")

    // MARK: Committing

    /// Matches, commits what was decided, and lets it out.
    private func finish(_ now: Instant) throws(JournalError) {
        for tenant in tenants {
            routers[tenant]?.match(at: now)
            batch.events += routers[tenant]?.takeEvents() ?? []
        }
        guard !batch.isEmpty else { return }
        do throws(JournalError) {
            let entries = batch.events.map { encoder.entry($0, routers[$0.tenant]?.state) }
            if !entries.isEmpty || !batch.remembered.isEmpty {
                let receipt = try journal.append(entries: entries, remembered: batch.remembered)
                around.metrics.committed(batch.events, nanoseconds: receipt.totalNanoseconds)
            }
            letOut()
        } catch .full(let path) {
            try recoverFromFullDisk(path, now)
        }
        around.mailbox.release(batch.commands)
        batch.removeAll()
    }

    /// Replies and events leave: they are on disk.
    private func letOut() {
        for event in batch.events.suffix(1) {
            precondition(journal.head(event.tenant) >= event.sequence, "nothing leaves before its events are on disk")
        }
        var out = OutboundBatch()
        for message in batch.messages {
            if message.hasReads {
                if message.isOneWaitingRead { out.excuse(message.peer, ticket: message.ticket) }
            } else {
                out.reply(to: message.peer, ticket: message.ticket) { frames in
                    for case .ready(let bytes) in message.frames { frames.append(bytes) }
                }
            }
        }
        for event in batch.events { publish(event, to: &out) }
        around.transport.send(out)
        around.board.committed(batch.events)
        let reading = batch.messages.filter { $0.hasReads }
        if !batch.events.isEmpty || !reading.isEmpty { around.reads.serve(reading, hasNews: !batch.events.isEmpty) }
    }

    private func publish(_ event: Event, to out: inout OutboundBatch) {
        if !event.body.isPrivate {
            writer.removeAll()
            events.publicForm(event, into: &writer)
            out.publish(topic: Topic.name(of: event).utf8, body: writer.bytes)
        }
        guard event.body.goesToPrivateTopic, let agent = event.body.topicAgent else { return }
        writer.removeAll()
        events.privateCopy(event, into: &writer)
        out.publish(topic: Topic.privateName(tenant: event.tenant, agent: agent).utf8, body: writer.bytes)
    }

    // MARK: Full disk

    /// Nothing of the batch happened: the state is made anew from the journal, and every change is `unavailable`.
    private func recoverFromFullDisk(_ path: String, _ now: Instant) throws(JournalError) {
        around.logger.error("no space is left for the journal; changes are refused", metadata: ["path": "\(path)"])
        fullSince = fullSince ?? now
        nextProbe = now + .seconds(1)
        for tenant in tenants {
            guard let router = routers[tenant] else { continue }
            let state = try replayer.state(of: tenant)
            var again = Router(
                state: state, rules: router.rules, lexicon: router.lexicon, version: KapwaVersion.current)
            again.resume(at: now)
            routers[tenant] = again
        }
        var out = OutboundBatch()
        for message in batch.messages {
            out.reply(to: message.peer, ticket: message.ticket) { frames in
                for frame in message.frames { frames.append(unavailable(frame)) }
            }
        }
        around.transport.send(out)
    }

    private func unavailable(_ frame: PendingReply.Frame) -> [UInt8] {
        let id: CommandID?
        switch frame {
        case .ready(let bytes): id = StoredReply.id(of: bytes)
        case .read(let read): id = read.id
        }
        return replies.bytes(of: Reply(id: id, result: .failure(Self.noSpace)))
    }

    private func probeIfFull(_ now: Instant) throws(JournalError) {
        guard fullSince != nil, now >= nextProbe else { return }
        nextProbe = now + .seconds(1)
        do throws(JournalError) {
            try journal.probe()
            fullSince = nil
            around.logger.notice("there is space for the journal again; changes are taken")
        } catch .full {
            return
        }
    }

    // MARK: Rules and status

    private func apply(_ change: RulesChange, _ now: Instant) throws(JournalError) {
        try journal.storeRules(text: change.text, hash: change.rules.hash)
        for tenant in tenants {
            guard let lexicon = routers[tenant]?.lexicon else { continue }
            routers[tenant]?.change(to: change.rules, lexicon: lexicon, by: change.by, at: now)
        }
        around.metrics.setQueues(change.rules)
    }

    /// A few times a second: what health and metrics show.
    private func reportStatus(_ now: Instant) {
        let real = DaemonClock.nanosecondsSinceBoot()
        guard real >= nextStatus else { return }
        nextStatus = real + 250_000_000
        around.board.beat(at: real, isFull: fullSince != nil)
        around.metrics.setCounts(
            tenants.compactMap { routers[$0] }.map { ($0.state.tenant, $0.state.counts, $0.state.sequence) },
            fill: around.mailbox.fill, synchronous: journal.synchronousLevel)
        around.metrics.setWaiting { queue in
            tenants.reduce(0) { $0 + (routers[$1]?.state.waiting(in: queue) ?? 0) }
        }
    }
}
