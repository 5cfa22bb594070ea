import KapwaDomain

/// The contract's event types.
enum EventTypes {
    static let all = Set(Event.Body.blanksByType.keys)

    /// For the message to whoever asks for another.
    static let names = all.sorted().joined(separator: ", ")
}
