import KapwaDomain

/// What each connection of the event socket has subscribed to, so that nobody fills the memory with topics, and a topic
/// that two of its subscriptions bring goes with the second.
struct SubscriptionTable {
    private var topics: [Int32: [[UInt8]: Int]] = [:]

    /// Whether the topic is new to the connection and is to be installed; `nil` when it has too many.
    mutating func add(_ topic: [UInt8], of connection: Int32) -> Bool? {
        let known = topics[connection]?[topic]
        guard known != nil || (topics[connection]?.count ?? 0) < Limits.subscriptionsPerConnectionMax else {
            return nil
        }
        topics[connection, default: [:]][topic] = (known ?? 0) + 1
        return known == nil
    }

    /// Whether nothing of the connection brings the topic any more, so that it is to be taken out.
    mutating func remove(_ topic: [UInt8], of connection: Int32) -> Bool {
        guard let known = topics[connection]?[topic] else { return false }
        topics[connection]?[topic] = known > 1 ? known - 1 : nil
        return known == 1
    }

    mutating func forget(_ connection: Int32) { topics[connection] = nil }
}
