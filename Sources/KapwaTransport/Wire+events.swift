import CZeroMQ
import KapwaDomain

/// The event socket: who wants which topics.
extension Wire {
    /// Checks each subscription that has arrived and enters those that are allowed.
    func readSubscriptions() {
        guard let socket = sockets?.events else { return }
        var read = 0
        while read < Limits.messagesPerTurnMax, case .frame(let more) = socket.receive() {
            read += 1
            let frame = socket.frame
            // 1 and a topic subscribes, 0 and a topic takes it back; anything else is a subscriber's own message.
            if let first = frame.first, first <= 1 {
                let topic = UnsafeRawBufferPointer(rebasing: frame.dropFirst())
                if first == 0 {
                    try? socket.set(ZMQ_UNSUBSCRIBE, bytes: topic)
                } else if configuration.maySubscribe(Array(topic)) {
                    try? socket.set(ZMQ_SUBSCRIBE, bytes: topic)
                } else {
                    counters.subscriptionsRefused += 1
                }
            }
            if more { socket.skipRest() }
        }
    }
}
