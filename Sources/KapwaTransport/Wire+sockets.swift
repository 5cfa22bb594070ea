import CZeroMQ
import Glibc
import KapwaDomain

/// Opening, closing and watching.
extension Wire {
    /// Opens and binds all sockets. Nothing stays open when one of them fails.
    func open(name: String) throws(TransportError) -> BoundEndpoints {
        let linger = min(configuration.lingerMax, 1_000)
        // Before any other is bound: a handshake finds it there, or fails.
        let gatekeeper = keyedSockets.isEmpty ? nil : try Gatekeeper(context)
        let commands = try Socket(context, type: ZMQ_ROUTER, linger: linger)
        let events = try Socket(context, type: ZMQ_XPUB, linger: linger)
        let workers = try Socket(context, type: ZMQ_ROUTER, linger: linger)
        var watches: [ConnectionWatch] = []
        do {
            try harden(commands, frameBytesMax: Limits.frameBytesMax)
            try commands.set(ZMQ_ROUTER_MANDATORY, 1)
            try commands.set(ZMQ_ROUTER_HANDOVER, 0)
            try commands.set(ZMQ_RCVHWM, Int32(Limits.messagesPerPeerWaitingMax))
            // Twice the bound may be unanswered (`flooded`), and libzmq's mark can bite at half its value.
            try commands.set(ZMQ_SNDHWM, Int32(clamping: configuration.repliesPerPeerMax * 4))
            try harden(events, frameBytesMax: Limits.subscriptionBytesMax)
            // With NODROP one subscriber that does not read would silence all others.
            try events.set(ZMQ_XPUB_NODROP, 0)
            try events.set(ZMQ_XPUB_MANUAL, 1)
            try events.set(ZMQ_SNDHWM, Int32(clamping: configuration.eventsPerSubscriberMax))
            try harden(workers, frameBytesMax: Limits.frameBytesMax)
            try workers.set(ZMQ_ROUTER_MANDATORY, 1)
            try workers.set(ZMQ_ROUTER_HANDOVER, 0)
            for (socket, purpose) in [(commands, SocketName.commands), (events, .events), (workers, .workers)] {
                watches.append(
                    try ConnectionWatch(
                        socket, context: context, name: "kapwa-watch-\(name)-\(purpose)",
                        unfinishedBytesMax: Limits.unfinishedBytesMax))
                if let authentication = configuration.authentication, keyedSockets.contains(purpose) {
                    try socket.demandKeys(secret: authentication.secret, domain: purpose.rawValue)
                }
            }
            _ = try workers.bind(Endpoint(localWorkers, binding: true))
            var workerEndpoints: [String] = []
            for endpoint in configuration.workers {
                workerEndpoints.append(try workers.bind(Endpoint(endpoint, binding: true)))
            }
            let bound = BoundEndpoints(
                commands: try commands.bind(Endpoint(configuration.commands, binding: true)),
                events: try events.bind(Endpoint(configuration.events, binding: true)), workers: workerEndpoints)
            sockets = Sockets(
                commands: commands, events: events, workers: workers, commandWatch: watches[0],
                eventWatch: watches[1], workerWatch: watches[2], gatekeeper: gatekeeper)
            return bound
        } catch {
            for watch in watches { watch.close() }
            for socket in [commands, events, workers] { socket.close() }
            gatekeeper?.close()
            throw error
        }
    }

    /// Closes everything. Replies that were handed over may still leave until their linger is over.
    func close() {
        guard let sockets = sockets.take() else { return }
        for watch in [sockets.commandWatch, sockets.eventWatch, sockets.workerWatch] { watch.close() }
        for socket in [sockets.commands, sockets.events, sockets.workers] { socket.close() }
        sockets.gatekeeper?.close()
    }

    private func harden(_ socket: Socket, frameBytesMax: Int) throws(TransportError) {
        let interval = Int32(clamping: configuration.heartbeatInterval)
        try socket.set(ZMQ_MAXMSGSIZE, wide: frameBytesMax)
        try socket.set(ZMQ_HANDSHAKE_IVL, Int32(clamping: configuration.handshakeMax))
        try socket.set(ZMQ_HEARTBEAT_IVL, interval)
        try socket.set(ZMQ_HEARTBEAT_TIMEOUT, interval * 3)
        try socket.set(ZMQ_HEARTBEAT_TTL, interval * 3)
        try socket.set(ZMQ_BACKLOG, 1_024)
    }

    /// Learns which connections came and went.
    func followConnections() {
        guard let sockets else { return }
        followPeers()
        followSubscribers()
        for change in sockets.workerWatch.changes(now: now) { count(change, socket: .workers) }
    }

    /// The same of the command socket alone, all of it: between two messages as well, before a descriptor is taken for
    /// somebody's.
    func followPeers() {
        guard let watch = sockets?.commandWatch else { return }
        var changes: [ConnectionWatch.Change]
        repeat {
            changes = watch.changes(now: now)
            for change in changes {
                if case .ended(let descriptor) = change {
                    for index in sockets?.peersOfConnection.removeValue(forKey: descriptor) ?? [] {
                        peers.connectionEnded(descriptor, of: index)
                    }
                }
                count(change, socket: .commands)
            }
        } while changes.count >= ConnectionWatch.changesMax
        counters.commandConnections = watch.count
    }

    /// The same of the event socket alone: what is said of a connection there came before what comes over it.
    func followSubscribers() {
        guard let sockets else { return }
        for change in sockets.eventWatch.changes(now: now) {
            if case .opened(let descriptor) = change { subscriptions.forget(descriptor) }
            if case .ended(let descriptor) = change { subscriptions.forget(descriptor) }
            count(change, socket: .events)
        }
        counters.subscribers = sockets.eventWatch.count
    }

    private func count(_ change: ConnectionWatch.Change, socket: SocketName) {
        switch change {
        case .opened, .ended: break
        case .handshakeFailed(let fault):
            counters.handshakesFailed += 1
            countFault(fault, on: socket)
        case .acceptsFailed(let number):
            counters.acceptsFailed += UInt64(number)
            guard noticesLeft > 0 else { return }
            noticesLeft -= 1
            delegate.noticed(.acceptFailed(socket: socket.rawValue))
        }
    }
}
