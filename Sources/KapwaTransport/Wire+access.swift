import CZeroMQ
import KapwaDomain

/// Who is let in, and whom a message is from.
extension Wire {
    /// Answers libzmq for those who want to connect.
    func admitPeers() {
        guard let gatekeeper = sockets?.gatekeeper else { return }
        for rejection in gatekeeper.answer(by: keyring) {
            count(rejection.failure)
            notice(rejection.socket, rejection.address, rejection.failure)
        }
    }

    /// Whom a key stands for; `nil` when it no longer holds. Where no key is asked for everybody is ``Caller/keyless``.
    func caller(of key: String?, on socket: SocketName) -> Caller? {
        guard keyedSockets.contains(socket) else { return .keyless }
        guard let key, keyring.fault(of: key, on: socket) == nil else { return nil }
        return keyring.callers[key]
    }

    /// A peer whose key held when it connected, and holds no longer.
    func turnAway(_ connection: Int32, _ watch: ConnectionWatch?) {
        count(.revokedKey)
        if watch?.cut(connection) == true { counters.connectionsCut += 1 }
    }

    /// Lets in by these keys from now on, and cuts off whoever is in by others.
    func adopt(_ next: Keyring) {
        let withdrawn = keyring.changed(to: next)
        keyring = next
        guard !withdrawn.isEmpty, let sockets else { return }
        peers.dismiss(withdrawn)
        for (routing, key) in workerKeys where withdrawn.contains(key) {
            workerKeys[routing] = nil
            pool.lost(routing, now: now)
        }
        // Which key a connection showed is known once something came over it. The others are cut too: who still may
        // comes again at once.
        let watches: [(SocketName, ConnectionWatch)] = [
            (.commands, sockets.commandWatch), (.events, sockets.eventWatch), (.workers, sockets.workerWatch),
        ]
        var cut = 0
        for (name, watch) in watches where keyedSockets.contains(name) {
            cut += watch.cutAll { !withdrawn.contains($0) }
        }
        counters.connectionsCut += UInt64(cut)
        delegate.noticed(.keysWithdrawn(connectionsCut: cut))
    }

    /// A handshake failed before there was a key to be asked about.
    func countFault(_ fault: ConnectionWatch.HandshakeFault, on socket: SocketName) {
        guard keyedSockets.contains(socket) else { return }
        switch fault {
        case .mechanism:
            count(.noKey)
            notice(socket, "", .noKey)
        case .cryptographic:
            count(.wrongServerKey)
            notice(socket, "", .wrongServerKey)
        // It hung up, as one without a key does that sees first that it is asked for one; or it never came to it.
        case .other: count(.noKey)
        // The gatekeeper has counted it.
        case .refused: break
        }
    }

    /// Forgets the keys of workers that have gone.
    func pruneWorkerKeys() {
        guard workerKeys.count > pool.workers.count else { return }
        let here = Set(pool.workers.map(\.routing))
        workerKeys = workerKeys.filter { here.contains($0.key) }
    }

    private func count(_ failure: AuthFailure) { counters.authFailures[failure, default: 0] += 1 }

    private func notice(_ socket: SocketName, _ address: String, _ failure: AuthFailure) {
        guard noticesLeft > 0 else { return }
        noticesLeft -= 1
        delegate.noticed(.peerRejected(socket: socket, address: address, failure: failure))
    }
}
