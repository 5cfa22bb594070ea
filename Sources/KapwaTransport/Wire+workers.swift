import CZeroMQ
import Glibc
import KapwaDomain

/// The worker socket: what workers say goes to the pool, what the pool wants goes to the workers.
extension Wire {
    func readWorkers() {
        guard let socket = sockets?.workers else { return }
        var read = 0
        while read < Limits.messagesPerTurnMax, case .frame(let more) = socket.receive() {
            read += 1
            guard more else { continue }
            let routing = RoutingID(socket.frame)
            let frames = socket.receiveRest()
            let connection = socket.frameConnection
            let key = keyedSockets.contains(.workers) ? socket.frameKey : nil
            let around = key == nil ? 9 : 9 + CommandReader.sealBytes
            let bytes = (frames?.bytes.count ?? 0) + (frames?.count ?? 0) * around
            sockets?.workerWatch.heard(connection, bytes: max(1, bytes))
            sockets?.workerWatch.note(key: key, of: connection)
            // Threads of this process come without a connection, and without a key.
            if connection >= 0 {
                guard caller(of: key, on: .workers) != nil else {
                    turnAway(connection, sockets?.workerWatch)
                    continue
                }
                if let key { workerKeys[routing] = key }
            }
            pool.received(frames.flatMap(WorkerMessage.init), from: routing, now: now)
        }
    }

    /// Does what the pool wants, until it wants nothing more.
    func performPoolActions() {
        guard let socket = sockets?.workers else { return }
        while true {
            let actions = pool.takeActions()
            if actions.isEmpty { return }
            for action in actions {
                switch action {
                case .send(let routing, let frames):
                    let code = routing.withBytes { socket.send($0, more: true) }
                    if code == 0 { _ = socket.send(frames) } else { pool.lost(routing, now: now) }
                case .completed(let request, let assessments):
                    delegate.scored(ScoringOutcome(request: request, assessments: assessments))
                case .notice(let notice): delegate.noticed(notice)
                }
            }
        }
    }
}
