import Dispatch
import KapwaDomain
import KapwaJournal
import KapwaTransport
import KapwaWire
import Logging
import Synchronization

/// Answers `events.read` from the journal on a thread and a connection of its own, so that no reader holds up the
/// router. Waiting reads are kept here until news or their time comes.
final class ReadDesk: Sendable {
    private struct Inbox {
        var requests: [PendingReply] = []
        /// Commands of requests that are not answered and not among the waiters yet.
        var commands = 0
        var hasNews = false
        var isStopping = false
    }

    private struct Waiter {
        let request: PendingReply
        let read: PendingReply.Read
        let until: UInt64
        var after: Int64
    }

    private let inbox = Mutex(Inbox())
    private let bell = Bell()
    private let reader: any JournalReading
    private let commandsMax: Int
    private let keepLook: KeepLook
    private let send: @Sendable (OutboundBatch) -> Void
    private let logger: Logger

    /// Keeps that an auditor looks at something, before it is shown.
    typealias KeepLook = @Sendable (_ by: KeyName, _ what: String, TenantID) throws(StartFailure) -> Void

    /// - Parameters:
    ///   - commandsMax: how many commands may wait; above, a message's reads are refused at once.
    ///   - keepLook: when it fails, nothing is shown.
    init(
        reader: any JournalReading, commandsMax: Int = Limits.readCommandsWaitingMax, logger: Logger,
        keepLook: @escaping KeepLook = { _, _, _ in },
        send: @escaping @Sendable (OutboundBatch) -> Void
    ) {
        self.reader = reader
        self.commandsMax = commandsMax
        self.logger = logger
        self.keepLook = keepLook
        self.send = send
    }

    /// Takes reads whose batch is committed, and says that there are new events.
    func serve(_ requests: [PendingReply], hasNews: Bool) {
        let beyond = inbox.withLock { inbox in
            inbox.hasNews = inbox.hasNews || hasNews
            return requests.filter { request in
                guard inbox.commands + request.frames.count <= commandsMax else { return true }
                inbox.commands += request.frames.count
                inbox.requests.append(request)
                return false
            }
        }
        bell.ring()
        guard !beyond.isEmpty else { return }
        var out = OutboundBatch()
        for request in beyond { refuse(request, Self.tooManyReads, &out) }
        send(out)
    }

    /// Answers what waits, and ends.
    func stop() {
        inbox.withLock { $0.isStopping = true }
        bell.ring()
    }

    func run() {
        var waiters: [Waiter] = []
        while true {
            bell.wait(until: timeout(waiters))
            let (requests, hasNews, isStopping) = inbox.withLock { inbox in
                let content = (inbox.requests, inbox.hasNews, inbox.isStopping)
                inbox.requests = []
                inbox.hasNews = false
                return content
            }
            var out = OutboundBatch()
            for request in requests {
                begin(request, &waiters, &out)
                inbox.withLock { $0.commands -= request.frames.count }
                leave(&out)
                // Many requests take their time; whose time is over meanwhile does not wait for them.
                serveWaiters(&waiters, hasNews: false, isStopping: false, &out)
            }
            serveWaiters(&waiters, hasNews: hasNews, isStopping: isStopping, &out)
            send(out)
            if isStopping { return }
        }
    }

    /// Lets a batch go that has grown large, so that the answers are never all in memory at once.
    private func leave(_ out: inout OutboundBatch) {
        guard out.byteCount >= Limits.readReplyBytesMax / 4 else { return }
        send(out)
        out = OutboundBatch()
    }

    private func serveWaiters(
        _ waiters: inout [Waiter], hasNews: Bool, isStopping: Bool, _ out: inout OutboundBatch
    ) {
        let now = DaemonClock.nanosecondsSinceBoot()
        guard hasNews || isStopping || waiters.contains(where: { $0.until <= now }) else { return }
        var still: [Waiter] = []
        for waiter in waiters {
            let isOver = isStopping || waiter.until <= now
            if hasNews || isOver {
                if let waiting = serve(waiter, isOver: isOver, &out) { still.append(waiting) }
                leave(&out)
            } else {
                still.append(waiter)
            }
        }
        waiters = still
    }

    private func timeout(_ waiters: [Waiter]) -> DispatchTime {
        guard let first = waiters.map(\.until).min() else { return .now() + .seconds(3_600) }
        let now = DaemonClock.nanosecondsSinceBoot()
        return .now() + .nanoseconds(Int(first > now ? first - now : 0))
    }

    private func begin(_ request: PendingReply, _ waiters: inout [Waiter], _ out: inout OutboundBatch) {
        guard mayBegin(request) else {
            refuse(request, Self.lookNotKept, &out)
            return
        }
        guard request.isOneWaitingRead, case .read(let read) = request.frames[0], let wait = read.read.wait else {
            answer(request, &out)
            return
        }
        guard waiters.count < Limits.readWaitersMax else {
            refuse(request, Self.tooManyWaiters, &out)
            return
        }
        guard waiters.count(where: { $0.request.peer == request.peer }) < Limits.readWaitersPerPeerMax else {
            refuse(request, Self.tooManyWaitersOfOne, &out)
            return
        }
        let until = DaemonClock.nanosecondsSinceBoot() + UInt64(min(wait, Limits.readWaitMax)) * 1_000_000
        let waiter = Waiter(request: request, read: read, until: until, after: read.read.after)
        if let still = serve(waiter, isOver: false, &out) { waiters.append(still) }
    }

    /// Whoever sees everything is seen to look.
    private func mayBegin(_ request: PendingReply) -> Bool {
        guard request.caller.has(.auditor), let key = request.caller.key else { return true }
        do throws(StartFailure) {
            for case .read(let read) in request.frames {
                try keepLook(key, "events after \(read.read.after)", read.tenant)
            }
            return true
        } catch {
            logger.error("\(error)")
            return false
        }
    }

    /// Answers a waiter that has a match, or whose time is over; gives it back when it goes on waiting.
    private func serve(_ waiter: Waiter, isOver: Bool, _ out: inout OutboundBatch) -> Waiter? {
        var waiter = waiter
        let answer = read(waiter.read, after: waiter.after, for: waiter.request.caller)
        guard isOver || answer.count > 0 || answer.isRefused || answer.hasMore else {
            waiter.after = answer.next
            return waiter
        }
        out.reply(to: waiter.request.peer, ticket: waiter.request.ticket) { $0.append(answer.bytes) }
        return nil
    }

    private func answer(_ request: PendingReply, _ out: inout OutboundBatch) {
        var bytesRead = 0
        out.reply(to: request.peer, ticket: request.ticket) { frames in
            for frame in request.frames {
                switch frame {
                case .ready(let bytes), .change(let bytes, _), .look(let bytes, _): frames.append(bytes)
                case .read(let read) where bytesRead >= Limits.readBytesPerMessageMax:
                    frames.append(refused(read, Self.tooMuchForOneMessage).bytes)
                case .read(let read):
                    let answer = self.read(read, after: read.read.after, for: request.caller)
                    bytesRead += answer.bytes.count
                    frames.append(answer.bytes)
                }
            }
        }
    }

    /// Answers a message without the journal: its reads are refused, the rest is as it was decided.
    private func refuse(_ request: PendingReply, _ refusal: Refusal, _ out: inout OutboundBatch) {
        out.reply(to: request.peer, ticket: request.ticket) { frames in
            for frame in request.frames {
                switch frame {
                case .ready(let bytes), .change(let bytes, _), .look(let bytes, _): frames.append(bytes)
                case .read(let read): frames.append(refused(read, refusal).bytes)
                }
            }
        }
    }

    private static let tooManyReads = Refusal(
        .overloaded, "more reads of events have come in than can be worked off; send it again later",
        retryAfter: 1_000)
    private static let tooManyWaiters = Refusal(
        .overloaded, "\(Limits.readWaitersMax) reads are waiting, the most there can be; send it again later",
        retryAfter: 1_000)
    private static let tooManyWaitersOfOne = Refusal(
        .overloaded,
        "\(Limits.readWaitersPerPeerMax) reads of this connection are waiting, the most there can be; wait for one",
        retryAfter: 1_000)
    private static let lookNotKept = Refusal(
        .unavailable, "the look cannot be kept, so nothing is shown; see the daemon's log")
    private static let tooMuchForOneMessage = Refusal(
        .overloaded,
        "the reads before it in the message took \(Limits.readBytesPerMessageMax >> 20) MiB; send it in another",
        retryAfter: Limits.retryAfter.lowerBound)

    private struct Answer {
        var bytes: [UInt8]
        var count = 0
        var next: Int64 = 0
        var isRefused = false
        /// More is there to be looked at than one page reached.
        var hasMore = false
    }

    private func read(_ request: PendingReply.Read, after: Int64, for caller: Caller) -> Answer {
        do throws(JournalError) {
            let limit = min(request.read.limit ?? Limits.eventsPerReadDefault, Limits.eventsPerReadMax)
            let page = try reader.events(
                tenant: request.tenant, after: after, limit: limit, types: request.read.types.map(Set.init),
                maxBytes: Limits.readReplyBytesMax)
            // Not `after + 1`: a sender may ask for what is beyond every sequence.
            if after < page.first - 1 && page.head >= page.first { return gone(request, page.first) }
            return fill(request, page, caller)
        } catch {
            logger.error("events could not be read", metadata: ["error": "\(error)"])
            return refused(request, Refusal(.internal, "the journal could not be read; see the daemon's log"))
        }
    }

    private func fill(_ request: PendingReply.Read, _ page: JournalPage, _ caller: Caller) -> Answer {
        var reply = EventsReadReply(id: request.id)
        var forms = EventForms(caller)
        // Beyond the head nothing was looked at: whoever asks from there is told where the journal ends.
        var next = min(page.next, page.head)
        for entry in page.entries {
            guard forms.add(entry, to: &reply) else {
                next = entry.sequence - 1
                break
            }
        }
        for problem in forms.problems.prefix(1) {
            logger.error(
                "an event could not be put into the form that its reader may see", metadata: ["error": "\(problem)"])
        }
        let count = reply.count
        let bytes = reply.finish(next: next, head: page.head, first: page.first).bytes
        return Answer(bytes: bytes, count: count, next: next, hasMore: next < page.head && count == 0)
    }

    private func gone(_ request: PendingReply.Read, _ first: Int64) -> Answer {
        refused(
            request,
            Refusal(
                .gone, "events before \(first) are no longer kept; begin with state.read", field: "after",
                first: first))
    }

    private func refused(_ request: PendingReply.Read, _ refusal: Refusal) -> Answer {
        var encoder = ReplyEncoder()
        return Answer(bytes: encoder.bytes(of: Reply(id: request.id, result: .failure(refusal))), isRefused: true)
    }
}
