import CZeroMQ
import Glibc
import KapwaDomain
import Synchronization
import Testing

@testable import KapwaTransport

/// Waits until something holds; asks again every few milliseconds, and gives up after a time that no healthy run needs.
func eventually(
    within limit: Milliseconds = 20_000, _ location: SourceLocation = #_sourceLocation, _ holds: () throws -> Bool
) rethrows -> Bool {
    let deadline = MonotonicClock.now() + limit
    while try !holds() {
        guard MonotonicClock.now() < deadline else { return false }
        _ = poll(nil, 0, 2)
    }
    return true
}

/// What a transport brought, and how it is answered.
final class Recorder: TransportDelegate {
    struct Arrived: Sendable {
        let peer: PeerID
        let ticket: UInt64
        let frames: Result<[String], FramingError>
        let flooded: Bool
        let caller: Caller
    }

    struct State {
        var arrived: [Arrived] = []
        var outcomes: [ScoringOutcome] = []
        var notices: [TransportNotice] = []
        var transport: Transport?
        /// Called on the transport's thread, which waits meanwhile.
        var whenNoticed: (@Sendable (TransportNotice) -> Void)?
    }

    let state = Mutex(State())
    /// Answers every message at once with its own frames, an error with its name.
    let echoes: Bool
    /// Whether what arrives is kept for the test to look at.
    let keeps: Bool

    init(echoes: Bool, keeps: Bool = true) {
        self.echoes = echoes
        self.keeps = keeps
    }

    var callers: [Caller] { arrived.map(\.caller) }
    var arrived: [Arrived] { state.withLock(\.arrived) }
    var outcomes: [ScoringOutcome] { state.withLock(\.outcomes) }
    var notices: [TransportNotice] { state.withLock(\.notices) }

    func received(_ batch: consuming InboundBatch) {
        let batch = batch
        if keeps {
            let arrived = batch.messages.map { message in
                Arrived(
                    peer: message.peer, ticket: message.ticket,
                    frames: message.content.map { $0.map { String(decoding: batch[frame: $0], as: UTF8.self) } },
                    flooded: message.flooded, caller: message.caller)
            }
            state.withLock { $0.arrived += arrived }
        }
        guard echoes else { return }
        var replies = OutboundBatch()
        for message in batch.messages {
            replies.reply(to: message.peer, ticket: message.ticket) { frames in
                switch message.content {
                case .success(let range): for frame in range { frames.append(batch[frame: frame]) }
                case .failure(let error): frames.append("\(error)".utf8)
                }
            }
        }
        state.withLock(\.transport)?.send(replies)
    }

    func scored(_ outcome: consuming ScoringOutcome) {
        let outcome = outcome
        state.withLock { $0.outcomes.append(outcome) }
    }

    func noticed(_ notice: TransportNotice) {
        let whenNoticed = state.withLock { state in
            state.notices.append(notice)
            return state.whenNoticed
        }
        whenNoticed?(notice)
    }
}

/// A transport on free loopback ports, stopped when the test is done with it.
final class Rig {
    let recorder: Recorder
    let transport: Transport
    let endpoints: BoundEndpoints

    init(
        echoes: Bool = true, keeps: Bool = true, _ change: (inout TransportConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = TransportConfiguration()
        configuration.commands = "tcp://127.0.0.1:0"
        configuration.events = "tcp://127.0.0.1:*"
        change(&configuration)
        recorder = Recorder(echoes: echoes, keeps: keeps)
        transport = try Transport(configuration, delegate: recorder)
        recorder.state.withLock { [transport] in $0.transport = transport }
        do {
            endpoints = try transport.start()
        } catch {
            recorder.state.withLock { $0.transport = nil }
            throw error
        }
    }

    deinit { stop() }

    func stop() {
        transport.stop()
        recorder.state.withLock { $0.transport = nil }
    }

    func client() throws -> CommandClient { try CommandClient(endpoint: endpoints.commands) }
}

/// A bare socket of any type, for peers that do not behave.
final class Peer {
    let context: ZeroMQContext
    let socket: Socket

    init(_ type: Int32, _ endpoint: String, _ change: (Socket) throws -> Void = { _ in }) throws {
        context = try ZeroMQContext()
        socket = try Socket(context, type: type, linger: 0)
        try change(socket)
        try socket.connect(Endpoint(endpoint, binding: false))
    }

    deinit { close() }

    func close() {
        socket.close()
        context.terminate()
    }

    func send(_ frames: [String]) -> Bool {
        guard socket.wait(ZMQ_POLLOUT, until: MonotonicClock.now() + 20_000) else { return false }
        return socket.send(FrameList(frames.map(\.utf8))) == 0
    }

    func receive(within limit: Milliseconds = 20_000) -> [String]? {
        receiveFrames(within: limit)?.strings
    }

    func receiveFrames(within limit: Milliseconds = 20_000) -> FrameList? {
        guard socket.wait(ZMQ_POLLIN, until: MonotonicClock.now() + limit),
            case .frame(let more) = socket.receive()
        else { return nil }
        return socket.receiveMessage(more: more)
    }
}

extension FrameList {
    var strings: [String] { (0..<count).map { String(decoding: self[$0], as: UTF8.self) } }

    init(_ strings: [String]) { self.init(strings.map(\.utf8)) }
}
