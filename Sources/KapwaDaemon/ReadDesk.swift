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
    private let arrived = DispatchSemaphore(value: 0)
    private let reader: any JournalReading
    private let send: @Sendable (OutboundBatch) -> Void
    private let logger: Logger

    init(reader: any JournalReading, logger: Logger, send: @escaping @Sendable (OutboundBatch) -> Void) {
        self.reader = reader
        self.logger = logger
        self.send = send
    }

    /// Takes reads whose batch is committed, and says that there are new events.
    func serve(_ requests: [PendingReply], hasNews: Bool) {
        inbox.withLock { inbox in
            inbox.requests += requests
            inbox.hasNews = inbox.hasNews || hasNews
        }
        arrived.signal()
    }

    /// Answers what waits, and ends.
    func stop() {
        inbox.withLock { $0.isStopping = true }
        arrived.signal()
    }

    func run() {
        var waiters: [Waiter] = []
        while true {
            _ = arrived.wait(timeout: timeout(waiters))
            let (requests, hasNews, isStopping) = inbox.withLock { inbox in
                let content = (inbox.requests, inbox.hasNews, inbox.isStopping)
                inbox.requests = []
                inbox.hasNews = false
                return content
            }
            var out = OutboundBatch()
            for request in requests { begin(request, &waiters, &out) }
            let now = DaemonClock.nanosecondsSinceBoot()
            waiters = waiters.compactMap { waiter in
                let isOver = isStopping || waiter.until <= now
                guard hasNews || isOver else { return waiter }
                return serve(waiter, isOver: isOver, &out)
            }
            send(out)
            if isStopping { return }
        }
    }

    private func timeout(_ waiters: [Waiter]) -> DispatchTime {
        guard let first = waiters.map(\.until).min() else { return .now() + .seconds(3_600) }
        let now = DaemonClock.nanosecondsSinceBoot()
        return .now() + .nanoseconds(Int(first > now ? first - now : 0))
    }

    private func begin(_ request: PendingReply, _ waiters: inout [Waiter], _ out: inout OutboundBatch) {
        guard request.isOneWaitingRead, case .read(let read) = request.frames[0], let wait = read.read.wait else {
            answer(request, &out)
            return
        }
        guard waiters.count < Limits.readWaitersMax else {
            let refusal = Refusal(
                .overloaded, "\(Limits.readWaitersMax) reads are waiting, the most there can be; send it again later",
                retryAfter: 1_000)
            var encoder = ReplyEncoder()
            let bytes = encoder.bytes(of: Reply(id: read.id, result: .failure(refusal)))
            out.reply(to: request.peer, ticket: request.ticket) { $0.append(bytes) }
            return
        }
        let until = DaemonClock.nanosecondsSinceBoot() + UInt64(min(wait, Limits.readWaitMax)) * 1_000_000
        let waiter = Waiter(request: request, read: read, until: until, after: read.read.after)
        if let still = serve(waiter, isOver: false, &out) { waiters.append(still) }
    }

    /// Answers a waiter that has a match, or whose time is over; gives it back when it goes on waiting.
    private func serve(_ waiter: Waiter, isOver: Bool, _ out: inout OutboundBatch) -> Waiter? {
        var waiter = waiter
        let answer = read(waiter.read, after: waiter.after)
        guard isOver || answer.count > 0 || answer.isRefused || answer.hasMore else {
            waiter.after = answer.next
            return waiter
        }
        out.reply(to: waiter.request.peer, ticket: waiter.request.ticket) { $0.append(answer.bytes) }
        return nil
    }

    private func answer(_ request: PendingReply, _ out: inout OutboundBatch) {
        out.reply(to: request.peer, ticket: request.ticket) { frames in
            for frame in request.frames {
                switch frame {
                case .ready(let bytes): frames.append(bytes)
                case .read(let read): frames.append(self.read(read, after: read.read.after).bytes)
                }
            }
        }
    }

    private struct Answer {
        var bytes: [UInt8]
        var count = 0
        var next: Int64 = 0
        var isRefused = false
        /// More is there to be looked at than one page reached.
        var hasMore = false
    }

    private func read(_ request: PendingReply.Read, after: Int64) -> Answer {
        do throws(JournalError) {
            let limit = min(request.read.limit ?? Limits.eventsPerReadDefault, Limits.eventsPerReadMax)
            let page = try reader.events(
                tenant: request.tenant, after: after, limit: limit, types: request.read.types.map(Set.init),
                maxBytes: Limits.readReplyBytesMax)
            if after + 1 < page.first && page.head >= page.first { return gone(request, page.first) }
            return fill(request, page)
        } catch {
            logger.error("events could not be read", metadata: ["error": "\(error)"])
            return refused(request, Refusal(.internal, "the journal could not be read; see the daemon's log"))
        }
    }

    private func fill(_ request: PendingReply.Read, _ page: JournalPage) -> Answer {
        var reply = EventsReadReply(id: request.id)
        var next = page.next
        for entry in page.entries where !reply.add(open: entry.publicPart, personal: entry.personalPart ?? []) {
            next = entry.sequence - 1
            break
        }
        let count = reply.count
        let bytes = reply.finish(next: next, head: page.head, first: page.first).bytes
        return Answer(bytes: bytes, count: count, next: next, hasMore: next < page.head && page.entries.isEmpty)
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
