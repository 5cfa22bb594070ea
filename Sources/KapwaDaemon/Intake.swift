import Dispatch
import KapwaDomain
import KapwaJournal
import KapwaSentiment
import KapwaTransport
import KapwaWire
import Logging
import Synchronization

/// Takes what the sockets bring, decodes it, has the texts scored, and passes it on in the order of arrival.
///
/// A batch leaves for the router when its scores are there and every earlier batch has left: order is kept whatever
/// the number of workers. All calls of the delegate come on the transport's thread.
final class Intake: TransportDelegate {
    private struct Waiting {
        var messages: [IncomingMessage] = []
        /// Where the texts of the request came from, in its order.
        var places: [Place] = []
        var isScored = true
        /// New rules and lexicons, in place of messages.
        var change: RulesChange?

        var item: WorkItem { change.map(WorkItem.change) ?? .messages(messages) }
    }

    private struct Place {
        var message: Int
        var command: Int
    }

    private struct Line {
        var waiting: [UInt64: Waiting] = [:]
        var next: UInt64 = 1
        var oldest: UInt64 = 1
        /// Nothing more is read; the end is posted behind what is still being scored.
        var isLast = false
        var isEndPosted = false

        mutating func enter(_ item: Waiting) -> UInt64 {
            defer { next += 1 }
            waiting[next] = item
            return next
        }
    }

    /// The name of the request by which the transport says that everything read has been handed over.
    private static let end: UInt64 = 0
    /// How long the end waits for scores.
    private static let scoresMax: Milliseconds = .seconds(2)

    private let line = Mutex(Line())
    private let mailbox: Mailbox
    private let clock: DaemonClock
    private let tenants: Set<TenantID>
    /// Gives customers the names by which they are known from here on; `nil` leaves them their own.
    private let customers: CustomerKey?
    private let decoding: DecodingTools
    private let metrics: FloorMetrics
    private let logger: Logger
    /// Set once the transport exists; the transport needs its delegate first.
    private let transport = Mutex<Transport?>(nil)

    init(
        mailbox: Mailbox, clock: DaemonClock, tenants: Set<TenantID>, customers: CustomerKey?, metrics: FloorMetrics,
        logger: Logger
    ) {
        self.customers = customers
        self.mailbox = mailbox
        self.clock = clock
        self.tenants = tenants
        self.metrics = metrics
        self.logger = logger
        decoding = DecodingTools()
    }

    func connect(_ transport: Transport) { self.transport.withLock { $0 = transport } }

    func received(_ batch: consuming InboundBatch) {
        let now = clock.now
        var messages: [IncomingMessage] = []
        messages.reserveCapacity(batch.messages.count)
        var places: [Place] = []
        var texts = FrameList()
        var commands = 0
        decoding.use { decoder, codec in
            for message in batch.messages {
                let decoded = decode(message, batch, decoder, now)
                for (index, command) in decoded.commands.enumerated() {
                    guard let text = Self.textToScore(command) else { continue }
                    places.append(Place(message: messages.count, command: index))
                    texts.append(codec.payload(of: text))
                }
                commands += decoded.commands.count
                messages.append(decoded)
            }
        }
        mailbox.admit(commands)
        let transport = transport.withLock { $0 }
        if mailbox.fill >= 1 {
            transport?.pauseReading()
            mailbox.noteHeldUp()
        }
        line.withLock { line in
            let request = line.enter(Waiting(messages: messages, places: places, isScored: texts.isEmpty))
            if !texts.isEmpty { transport?.score(request: request, payloads: texts) }
        }
        passOn()
    }

    /// Has new rules and lexicons take effect behind everything that has been read: what came before is scored and
    /// decided by those of before, what comes after by these. From any thread.
    func change(to change: RulesChange) {
        let transport = transport.withLock { $0 }
        line.withLock { line in
            _ = line.enter(Waiting(change: change))
            transport?.use(lexicon: change.lexicon.hash)
        }
        passOn()
    }

    func scored(_ outcome: consuming ScoringOutcome) {
        let assessments = outcome.assessments
        let request = outcome.request
        if request == Self.end { line.withLock { $0.isLast = true } }
        decoding.use { _, codec in
            line.withLock { line in
                guard var waiting = line.waiting.removeValue(forKey: request) else { return }
                for (index, place) in waiting.places.enumerated() where index < assessments.count {
                    let bytes = assessments[index]
                    // Empty or unreadable: the router thread scores it by itself.
                    guard !bytes.isEmpty, let assessment = codec.assessment(from: bytes) else { continue }
                    waiting.messages[place.message].commands[place.command].setAssessment(assessment)
                }
                waiting.isScored = true
                line.waiting[request] = waiting
            }
        }
        passOn()
    }

    func noticed(_ notice: TransportNotice) {
        switch notice {
        case .workerReady(let worker, let version, let threads):
            logger.info(
                "worker ready",
                metadata: [
                    "worker": "\(worker)", "version": "\(version)",
                    "threads": "\(threads)",
                ])
        case .workerRefused(let worker, let reason):
            logger.warning("worker refused", metadata: ["worker": "\(worker)", "reason": "\(reason)"])
        case .workerLeft(let worker):
            logger.info("worker left", metadata: ["worker": "\(worker)"])
        case .workerStale(let worker):
            logger.info("worker scores by the lexicons of before and was sent away", metadata: ["worker": "\(worker)"])
        case .workerVanished(let worker, let batches):
            logger.warning("worker vanished", metadata: ["worker": "\(worker)", "batches_moved": "\(batches)"])
        case .connectionsCut(let socket, let count):
            logger.warning("connections cut", metadata: ["socket": "\(socket)", "count": "\(count)"])
        case .peerRejected(let socket, let address, let failure):
            logger.warning(
                "a peer was not let in",
                metadata: ["socket": "\(socket.rawValue)", "address": "\(address)", "reason": "\(failure.rawValue)"])
        case .keysWithdrawn(let count):
            logger.notice("keys were withdrawn", metadata: ["connections_cut": "\(count)"])
        case .acceptFailed(let socket):
            logger.error(
                "connections could not be accepted; the process may be out of descriptors",
                metadata: ["socket": "\(socket)"])
        }
    }

    /// Has nothing more read, and lets the router stop once it has everything that was read; its scores are waited
    /// for, but not long.
    func end() {
        mailbox.beginEnd()
        guard let transport = transport.withLock({ $0 }) else {
            postEnd()
            return
        }
        transport.pauseReading()
        // A request for nothing comes back on the thread that reads, after everything it has read.
        transport.score(request: Self.end, payloads: FrameList())
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(Self.scoresMax))) { [self] in
            line.withLock { line in
                // Unscored: the router thread scores them by itself.
                for (_, late) in line.waiting.sorted(by: { $0.key < $1.key }) { mailbox.post(late.item) }
                line.waiting = [:]
            }
            postEnd()
        }
    }

    private func postEnd() {
        let isFirst = line.withLock { line in
            defer { line.isEndPosted = true }
            return !line.isEndPosted
        }
        if isFirst { mailbox.post(.stop) }
    }

    /// Passes on what is scored, up to the first batch that is not.
    private func passOn() {
        line.withLock { line in
            while let first = line.waiting[line.oldest], first.isScored {
                mailbox.post(first.item)
                line.waiting[line.oldest] = nil
                line.oldest += 1
            }
        }
        if line.withLock({ $0.isLast && $0.waiting.isEmpty }) { postEnd() }
    }

    private func decode(
        _ message: InboundMessage, _ batch: borrowing InboundBatch, _ decoder: CommandDecoder, _ now: Instant
    ) -> IncomingMessage {
        var commands: [DecodedCommand] = []
        switch message.content {
        case .failure(let error):
            metrics.reject(error)
            commands.append(.refused(Refusal(error)))
        case .success(let frames):
            commands.reserveCapacity(frames.count)
            batch.bytes.withUnsafeBytes { bytes in
                for index in frames {
                    let frame = UnsafeRawBufferPointer(rebasing: bytes[batch.frames[index]])
                    var command = decoder.decode(frame, for: message.caller, tenants: tenants, now: now)
                    judge(&command, from: message.caller)
                    if let customers { command.nameCustomer(by: customers) }
                    if message.flooded, command.id != nil { command.result = .failure(Self.flooded) }
                    commands.append(command)
                }
            }
        }
        return IncomingMessage(
            peer: message.peer, caller: message.caller, ticket: message.ticket, commands: commands)
    }

    /// Refuses what the sender may not send, as far as the command alone tells, and puts down who the sender is.
    private func judge(_ command: inout DecodedCommand, from caller: Caller) {
        guard let key = caller.key, case .success(var decoded) = command.result else { return }
        decoded.sender = key.rawValue
        command.result = .success(decoded)
        guard let refusal = caller.refusal(of: decoded) else { return }
        command.result = .failure(refusal)
        metrics.answered(decoded.body, refusal: refusal.code)
    }

    private static let flooded = Refusal(
        .overloaded, "\(Limits.repliesPerPeerMax) messages of this peer are unanswered; read the replies first",
        retryAfter: 1_000)

    private static func textToScore(_ command: DecodedCommand) -> ScoringTask? {
        guard case .success(let decoded) = command.result, let unscored = decoded.body.unscored else { return nil }
        return ScoringTask(text: unscored.text, language: unscored.language)
    }
}

extension CommandDecoder {
    /// Decodes a frame of somebody who may speak of one tenant alone: of another one nothing is said but that.
    fileprivate func decode(
        _ frame: UnsafeRawBufferPointer, for caller: Caller, tenants: Set<TenantID>, now: Instant
    ) -> DecodedCommand {
        guard caller.key != nil, let tenant = caller.tenant else { return decode(frame, tenants: tenants, now: now) }
        var command = decode(frame, tenants: tenants.intersection([tenant]), now: now)
        if case .failure(let refusal) = command.result, refusal.code == .unknownTenant {
            command.result = .failure(caller.foreignTenant(tenant))
        }
        return command
    }
}

extension DecodedCommand {
    static func refused(_ refusal: Refusal) -> DecodedCommand {
        DecodedCommand(id: nil, hash: BodyHash(high: 0, low: 0), result: .failure(refusal))
    }

    /// From here on nobody sees the id that the sender knows the customer by.
    mutating func nameCustomer(by key: CustomerKey) {
        guard case .success(var command) = result, let customer = command.body.customer else { return }
        command.body.customer = key.name(of: customer, tenant: command.tenant)
        result = .success(command)
    }

    mutating func setAssessment(_ assessment: Assessment) {
        guard case .success(var command) = result else { return }
        command.body.setAssessment(assessment)
        result = .success(command)
    }
}

extension Refusal {
    /// What a message with a broken framing is answered.
    init(_ error: FramingError) {
        switch error {
        case .badHeader:
            self.init(.malformed, "the first frame must be KAPWA1, then one JSON object per frame")
        case .unsupportedVersion:
            self.init(
                .unsupportedVersion, "this version of the protocol is not spoken here",
                supported: ProtocolVersion.supported)
        case .noCommands:
            self.init(.malformed, "no command after KAPWA1; at least one frame with a JSON object must follow")
        case .tooManyFrames:
            self.init(.tooLarge, "more than \(Limits.framesPerMessageMax) commands in a message; send several messages")
        case .messageTooLarge:
            self.init(.tooLarge, "the message is over \(Limits.messageBytesMax) bytes; send several messages")
        }
    }
}
