import KapwaDomain

/// The contract's event types.
package enum EventTypes {
    package static let all: Set<String> = Set(Event.Body.blanksByType.keys)

    /// For the message to whoever asks for another.
    static let names = all.sorted().joined(separator: ", ")
}
