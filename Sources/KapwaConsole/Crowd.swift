import HummingbirdCore
import KapwaDomain
import Logging
import NIOCore
import Synchronization

/// Keeps the door from being held shut by connections that say nothing: when one more comes than there are places, the
/// one that has waited longest without a whole request is ended.
final class Crowd: Sendable {
    /// Asks the handler nearest to the socket to end the connection without any farewell.
    struct Leave: Sendable {}

    private struct Guest {
        var channel: any NIOCore.Channel
        var isServed = false
        /// The greater, the later it came or was last served.
        var turn: UInt64
    }

    private struct State {
        var guests: [ObjectIdentifier: Guest] = [:]
        var turn: UInt64 = 0
    }

    private let places: Int
    private let onCut: @Sendable (_ peer: String?) -> Void
    private let state = Mutex(State())

    init(places: Int, onCut: @escaping @Sendable (_ peer: String?) -> Void) {
        self.places = places
        self.onCut = onCut
    }

    fileprivate func enter(_ channel: any NIOCore.Channel) {
        let longest: Guest? = state.withLock { state in
            state.turn += 1
            let isFull = state.guests.count >= places
            // Those whose answer is being made go only when there is nobody else.
            let longest = isFull ? state.guests.min { Self.order($0.value) < Self.order($1.value) } : nil
            if let longest { state.guests[longest.key] = nil }
            state.guests[ObjectIdentifier(channel)] = Guest(channel: channel, turn: state.turn)
            return longest?.value
        }
        guard let longest else { return }
        onCut(longest.channel.remoteAddress?.ipAddress)
        longest.channel.triggerUserOutboundEvent(Leave(), promise: nil)
    }

    private static func order(_ guest: Guest) -> (Int, UInt64) { (guest.isServed ? 1 : 0, guest.turn) }

    fileprivate func leave(_ channel: any NIOCore.Channel) {
        state.withLock { _ = $0.guests.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// A whole request has come, or its answer has gone.
    func serving(_ channel: any NIOCore.Channel, _ isServed: Bool) {
        state.withLock { state in
            state.turn += 1
            let turn = state.turn
            state.guests[ObjectIdentifier(channel)]?.isServed = isServed
            state.guests[ObjectIdentifier(channel)]?.turn = turn
        }
    }

    var count: Int { state.withLock { $0.guests.count } }
}

/// Connections that take a place in the crowd before anything is read of them, TLS included.
struct CrowdedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let crowd: Crowd

    func setup(channel: any NIOCore.Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(GuestHandler(crowd))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Nearest to the socket, so that no handler can put off the end.
private final class GuestHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let crowd: Crowd

    init(_ crowd: Crowd) { self.crowd = crowd }

    func handlerAdded(context: ChannelHandlerContext) { crowd.enter(context.channel) }

    func channelInactive(context: ChannelHandlerContext) {
        crowd.leave(context.channel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { crowd.leave(context.channel) }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is Crowd.Leave {
            context.close(promise: promise)
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }
}
