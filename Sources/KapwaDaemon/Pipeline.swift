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
        /// Whether reasons in people's own words are kept, and told.
        var keepsWords: Bool
    }

    let around: Surroundings
    /// Scores what no worker did.
    var scorer: Scorer
    var journal: any Journal
    let replayer: Replayer
    /// One per tenant, in the order of the configuration; in an array, so that they are changed where they are.
    var routers: [Router]
    private let places: [TenantID: Int]

    private var encoder: JournalEncoder
    private var events: EventEncoder
    var replies = ReplyEncoder()
    private var writer = ByteWriter()
    var batch = Batch()
    /// Since when there is no space; `nil` while there is.
    var fullSince: Instant?
    var nextProbe = Instant(milliseconds: 0)
    /// What is to be deleted, in order.
    var upkeep: [SnapshotKeeper.Order] = []
    var nextUpkeep: UInt64 = 0
    /// Rules whose change is not on disk yet.
    var change: RulesChange?
    private var lastTurn: Instant
    /// In nanoseconds since boot.
    private var turnBegan: UInt64 = 0
    /// Of this turn.
    private var carriedOut = 0
    private var readmission = Readmission()
    private var nextStatus: UInt64 = 0

    init(
        _ around: Surroundings, journal: any Journal, replayer: Replayer, routers: [Router], scorer: Scorer
    ) {
        self.scorer = scorer
        self.around = around
        encoder = JournalEncoder(keepsWords: around.keepsWords)
        events = EventEncoder(dropsWords: !around.keepsWords)
        self.journal = journal
        self.replayer = replayer
        self.routers = routers
        places = Dictionary(uniqueKeysWithValues: routers.enumerated().map { ($1.state.tenant, $0) })
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

    /// Until the next timer is due, at most a quarter of a second: clock gaps and health are looked at between. Timers
    /// stand while there is no space.
    private var idleTime: Milliseconds {
        guard fullSince == nil else { return 250 }
        if !upkeep.isEmpty { return 20 }
        let next = routers.indices.compactMap { routers[$0].state.nextDeadline }.min()
        guard let next else { return 250 }
        return min(250, around.clock.realTime(until: next))
    }

    /// One turn; true when it was told to stop.
    private func turn(_ items: [WorkItem]) throws(JournalError) -> Bool {
        let now = around.clock.now
        noteGap(now)
        turnBegan = DaemonClock.nanosecondsSinceBoot()
        carriedOut = 0
        var isStopping = false
        for item in items {
            switch item {
            case .messages(let messages):
                for message in messages {
                    try decide(message, now)
                    if batch.commands >= Limits.batchCommandsMax { try finish(now) }
                }
            case .change(let change):
                self.change = change
                try applyChange(now)
            case .upkeep(let order): take(order)
            case .stop: isStopping = true
            }
        }
        if fullSince == nil { for place in routers.indices { routers[place].tick(at: now) } }
        try finish(now)
        readmission.worked(carriedOut, nanoseconds: DaemonClock.nanosecondsSinceBoot() - turnBegan)
        if around.mailbox.fill < Limits.mailboxOpeningsRatio { readmission.thereIsRoom() }
        try goOnIfThereIsSpace(now)
        try doUpkeep(isIdle: items.isEmpty)
        around.mailbox.relieve { around.transport.resumeReading() }
        reportStatus(now)
        return isStopping
    }

    private func noteGap(_ now: Instant) {
        let gap = now - lastTurn
        lastTurn = now
        // A demonstration's clock runs faster than the loop; its turns are no gaps.
        guard fullSince == nil, gap > .seconds(5), around.clock.realTime(until: now + gap) > .seconds(5) else { return }
        around.logger.warning("the clock was not watched", metadata: ["gap_ms": "\(gap)"])
        for place in routers.indices { routers[place].noteClockGap(gap, at: now) }
    }

    // MARK: Deciding

    private func decide(_ message: IncomingMessage, _ now: Instant) throws(JournalError) {
        let begun = DaemonClock.nanosecondsSinceBoot()
        var pending = PendingReply(peer: message.peer, caller: message.caller, ticket: message.ticket)
        for command in message.commands { try decide(command, into: &pending, now) }
        batch.commands += message.commands.count
        batch.messages.append(pending)
        around.metrics.decided(nanoseconds: DaemonClock.nanosecondsSinceBoot() - begun)
    }

    private func decide(
        _ decoded: DecodedCommand, into pending: inout PendingReply, _ now: Instant
    ) throws(JournalError) {
        switch decoded.result {
        case .failure(let refusal):
            around.metrics.rejected(refusal)
            pending.frames.append(.ready(replies.bytes(of: Reply(id: decoded.id, result: .failure(refusal)))))
        case .success(let command):
            let frame = try decide(command, decoded.hash, into: &pending, now)
            pending.frames.append(frame)
        }
    }

    private func decide(
        _ command: Command, _ hash: BodyHash, into pending: inout PendingReply, _ now: Instant
    ) throws(JournalError) -> PendingReply.Frame {
        let caller = pending.caller
        switch command.body {
        case .eventsRead(let body):
            around.metrics.answered(command.body, refusal: nil)
            return .read(PendingReply.Read(id: command.id, tenant: command.tenant, read: body))
        case .ping:
            let result = look(command, from: caller, now)
            note(command, result)
            return .look(encode(command, result, for: caller), command)
        case .stateRead:
            if let refusal = tooMuch(command, pending) { return .ready(answer(command, .failure(refusal))) }
            let result = look(command, from: caller, now)
            note(command, result)
            let bytes = encode(command, result, for: caller)
            pending.looks = (pending.looks.count + 1, pending.looks.bytes + bytes.count)
            return .look(bytes, command)
        default:
            return .change(try change(command, hash, from: caller, now), command.id)
        }
    }

    /// Why a `state.read` is not carried out: of one message only so much is, and none where much waits.
    private func tooMuch(_ command: Command, _ pending: PendingReply) -> Refusal? {
        let (count, bytes) = pending.looks
        if count >= Limits.stateReadsPerMessageMax || bytes >= Limits.readBytesPerMessageMax {
            return Refusal(
                .overloaded,
                "\(count) reads before it in the message took \(bytes) bytes; one message may "
                    + "have \(Limits.stateReadsPerMessageMax) or \(Limits.readBytesPerMessageMax >> 20) MiB; send it in another",
                retryAfter: Limits.retryAfter.lowerBound)
        }
        let fill = around.mailbox.fill
        return Admission.refusal(command, fill: fill, isOpen: { _ in false }) { readmissionWait(fill, $0) }
    }

    private func readmissionWait(_ fill: Double, _ mark: Double) -> Milliseconds {
        readmission.wait(excess: Int((fill - mark) * Double(Limits.mailboxCommandsMax)), at: turnBegan)
    }

    /// What a read says of the state as it is, as far as the caller may see it. Timers fire before, but not while there
    /// is no space.
    func look(_ command: Command, from caller: Caller, _ now: Instant) -> Result<Reply.Accepted, Refusal> {
        var result = look(command, now)
        guard case .success(var accepted) = result, case .rows(let rows) = accepted.details else {
            return result
        }
        let place = places[command.tenant]
        let visible = caller.visible(rows) { conversation in
            place.flatMap { routers[$0].state.whereabouts(of: conversation) }
        }
        accepted.details = .rows(visible)
        result = .success(accepted)
        return result
    }

    private func look(_ command: Command, _ now: Instant) -> Result<Reply.Accepted, Refusal> {
        guard case .stateRead(let body) = command.body else { return .success(pong(command.tenant, now)) }
        guard fullSince != nil, let place = places[command.tenant] else { return route(command, now) }
        do throws(Refusal) {
            let rows = try routers[place].read(body, at: now)
            return .success(Reply.Accepted(sequence: 0, details: .rows(rows)))
        } catch {
            return .failure(error)
        }
    }

    /// A command that may change something: refused when there is no room, answered once, remembered.
    private func change(
        _ command: Command, _ hash: BodyHash, from caller: Caller, _ now: Instant
    ) throws(JournalError) -> [UInt8] {
        if fullSince != nil { return answer(command, .failure(Self.noSpace)) }
        let tenant = command.tenant
        var command = command
        let fill = around.mailbox.fill
        let refusal = Admission.refusal(&command, fill: fill) { conversation in
            isOpen(conversation, tenant)
        } scored: {
            $0.scored(by: scorer)
        } wait: { mark in
            readmissionWait(fill, mark)
        }
        if let refusal { return answer(command, .failure(refusal)) }
        let key = RememberedKey(tenant: command.tenant, sender: command.sender, id: command.id)
        if let known = try recall(key) { return answerAgain(command, hash, known) }
        if caller.isBound, let refusal = caller.refusal(of: command, at: whereabouts(command)) {
            return answer(command, .failure(refusal))
        }
        carriedOut += 1
        let result = route(command.scored(by: scorer), now)
        let bytes = answer(command, result)
        if case .success(let accepted) = result, Admission.isRemembered(command, accepted) {
            batch.remember(key, hash, bytes, at: now)
        }
        return bytes
    }

    /// Where the conversation stands that a command speaks of.
    private func whereabouts(_ command: Command) -> Caller.Whereabouts? {
        guard let place = places[command.tenant], let subject = command.body.subject else { return nil }
        switch subject {
        case .conversation(let id): return routers[place].state.whereabouts(of: id)
        case .offer(let id): return routers[place].state.whereabouts(of: id)
        }
    }

    private func isOpen(_ conversation: ConversationID, _ tenant: TenantID) -> Bool {
        places[tenant].map { routers[$0].state.isOpen(conversation) } ?? false
    }

    /// An answer that cannot be read is no answer that was never given: carrying the command out again is worse than
    /// ending.
    private func recall(_ key: RememberedKey) throws(JournalError) -> Remembered? {
        if let inBatch = batch.rememberedByKey[key] { return inBatch }
        return try journal.recall(tenant: key.tenant, sender: key.sender, id: key.id).map {
            Remembered(hash: BodyHash(high: $0.hash.0, low: $0.hash.1), reply: $0.reply)
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
        guard let place = places[command.tenant] else {
            return .failure(Refusal(.unknownTenant, "\(command.tenant) is not in the configuration", field: "tenant"))
        }
        return routers[place].handle(command, at: now)
    }

    private func answer(_ command: Command, _ result: Result<Reply.Accepted, Refusal>) -> [UInt8] {
        note(command, result)
        return encode(command, result)
    }

    private func note(_ command: Command, _ result: Result<Reply.Accepted, Refusal>) {
        if case .failure(let refusal) = result {
            around.metrics.answered(command.body, refusal: refusal.code)
        } else {
            around.metrics.answered(command.body, refusal: nil)
        }
    }

    /// - Parameter caller: of a read, which shows no more than it may see; `nil` for what is remembered.
    func encode(
        _ command: Command, _ result: Result<Reply.Accepted, Refusal>, for caller: Caller? = nil
    ) -> [UInt8] {
        replies.bytes(of: Reply(id: command.id, result: result), masked: caller.map { !$0.seesBreaksWhole } ?? false)
    }

    private func pong(_ tenant: TenantID, _ now: Instant) -> Reply.Accepted {
        let place = places[tenant]
        return Reply.Accepted(
            sequence: place.map { routers[$0].state.sequence } ?? 0,
            details: .pong(
                version: KapwaVersion.current, now: now, idsSince: journal.idsSince,
                mode: place.map { routers[$0].rules.routingMode } ?? .enforce))
    }

    // MARK: Committing

    /// Matches, commits what was decided, and lets it out. Without space there is nothing but answers.
    func finish(_ now: Instant) throws(JournalError) {
        if fullSince == nil {
            for place in routers.indices {
                routers[place].match(at: now)
                batch.events += routers[place].takeEvents()
            }
        }
        guard !batch.isEmpty else { return }
        do throws(JournalError) {
            try commit()
            // A change of the rules is in the batch, unless it waits for space.
            if fullSince == nil { change = nil }
        } catch .full(let path) {
            try lose(path, now)
        }
        letOut()
        around.mailbox.release(batch.commands)
        batch.removeAll()
    }

    private func commit() throws(JournalError) {
        guard !batch.events.isEmpty || !batch.remembered.isEmpty else { return }
        let entries = batch.events.map { event in
            encoder.entry(event) { conversation in
                places[event.tenant].flatMap { routers[$0].state.customer(of: conversation) }
            }
        }
        let receipt = try writing { () throws(JournalError) in
            try journal.append(entries: entries, remembered: batch.remembered)
        }
        around.metrics.committed(batch.events, nanoseconds: receipt.totalNanoseconds)
    }

    /// Everything waits for this write: health tells when the disk does not come back from it.
    func writing<Value>(_ write: () throws(JournalError) -> Value) throws(JournalError) -> Value {
        around.board.beginWrite(at: DaemonClock.nanosecondsSinceBoot())
        defer { around.board.endWrite() }
        return try write()
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
                    for case let bytes? in message.frames.map(\.bytes) { frames.append(bytes) }
                }
            }
        }
        for event in batch.events { publish(event, to: &out) }
        around.transport.send(out)
        around.board.committed(batch.events)
        // A turn of many batches takes its time and is no stall.
        around.board.beat(at: DaemonClock.nanosecondsSinceBoot(), isFull: fullSince != nil)
        let reading = batch.messages.filter { $0.hasReads }
        if !batch.events.isEmpty || !reading.isEmpty { around.reads.serve(reading, hasNews: !batch.events.isEmpty) }
    }

    private func publish(_ event: Event, to out: inout OutboundBatch) {
        if !event.body.isPrivate {
            writer.removeAll()
            events.publicForm(event, into: &writer)
            out.publish(topic: Topic.name(of: event).utf8, body: writer.bytes)
        }
        guard let agent = event.body.privateAgent else { return }
        writer.removeAll()
        events.privateCopy(event, into: &writer)
        out.publish(topic: Topic.privateName(tenant: event.tenant, agent: agent).utf8, body: writer.bytes)
    }

    // MARK: Status

    /// A few times a second: what health and metrics show.
    private func reportStatus(_ now: Instant) {
        let real = DaemonClock.nanosecondsSinceBoot()
        guard real >= nextStatus else { return }
        nextStatus = real + 250_000_000
        around.board.beat(at: real, isFull: fullSince != nil)
        around.metrics.setCounts(
            routers.indices.map { (routers[$0].state.tenant, routers[$0].state.counts, routers[$0].state.sequence) },
            fill: around.mailbox.fill, synchronous: journal.synchronousLevel)
        around.metrics.setWaiting { queue in
            routers.indices.reduce(0) { $0 + routers[$1].state.waiting(in: queue) }
        }
    }
}
