import KapwaDomain

extension Command.Kind {
    static let byName: [String: Command.Kind] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// For the message to whoever asks for another.
    static let known = allCases.map(\.rawValue).joined(separator: ", ")
}
