import CZeroMQ
import KapwaDomain

/// The event socket: who wants which topics.
extension Wire {
    /// Checks each subscription that has arrived and enters what of it is allowed.
    ///
    /// libzmq enters a subscription for the peer that it takes to have sent the message read last. It loses count of
    /// that when a subscriber sends anything else (which none of ours does): the next subscription read could then be
    /// entered for whoever subscribed after it. From such a message on until everything is read, where both agree
    /// again, nothing is entered, and whoever subscribed meanwhile is cut and comes again.
    func readSubscriptions() {
        guard let socket = sockets?.events, let watch = sockets?.eventWatch else { return }
        var read = 0
        while read < Limits.messagesPerTurnMax {
            guard case .frame = socket.receive() else {
                isFeedAligned = true
                return
            }
            read += 1
            let connection = socket.frameConnection
            // 1 and a topic subscribes, 0 and a topic takes it back.
            guard let first = socket.frame.first, first <= 1 else {
                isFeedAligned = false
                counters.feedMessagesRejected += 1
                cut(connection, watch)
                continue
            }
            guard isFeedAligned else {
                cut(connection, watch)
                continue
            }
            let topic = Array(socket.frame.dropFirst())
            let key = keyedSockets.contains(.events) ? socket.frameKey : nil
            // What is taken back because a connection has ended comes from nobody, and is done already.
            if first == 0, connection < 0, keyedSockets.contains(.events) { continue }
            followSubscribers()
            watch.note(key: key, of: connection)
            guard let caller = caller(of: key, on: .events) else {
                turnAway(connection, watch)
                continue
            }
            let topics = configuration.permittedTopics(topic, caller)
            if first == 1 { subscribe(socket, topics, connection) } else { unsubscribe(socket, topics, connection) }
        }
    }

    private func subscribe(_ socket: Socket, _ topics: [[UInt8]], _ connection: Int32) {
        var isRefused = topics.isEmpty
        for topic in topics {
            guard connection < 0 || subscriptions.add(topic, of: connection) != nil else {
                isRefused = true
                break
            }
            // Again where it is there already does nothing.
            topic.withUnsafeBytes { try? socket.set(ZMQ_SUBSCRIBE, bytes: $0) }
        }
        if isRefused { counters.subscriptionsRefused += 1 }
    }

    private func unsubscribe(_ socket: Socket, _ topics: [[UInt8]], _ connection: Int32) {
        for topic in topics where connection < 0 || subscriptions.remove(topic, of: connection) {
            topic.withUnsafeBytes { try? socket.set(ZMQ_UNSUBSCRIBE, bytes: $0) }
        }
    }

    private func cut(_ connection: Int32, _ watch: ConnectionWatch) {
        guard watch.cut(connection) else { return }
        counters.connectionsCut += 1
        delegate.noticed(.connectionsCut(socket: SocketName.events.rawValue, count: 1))
    }
}
