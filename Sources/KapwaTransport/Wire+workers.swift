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
            let bytes = (frames?.bytes.count ?? 0) + (frames?.count ?? 0) * 9
            sockets?.workerWatch.heard(socket.frameConnection, bytes: max(1, bytes))
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
