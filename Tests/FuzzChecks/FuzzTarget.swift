/// What takes any bytes from outside, and is fed them: new ones by `Tests/Fuzz/run`, kept ones by the tests.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// What peers send: commands, the frames around them, what workers say, and events read back.
    case wire
    /// Files that people write: rules, agents, presets of breaks.
    case rules
    /// The file of a journal, and the snapshot beside it, with bytes changed.
    case journal

    /// What judges an input: gives what does not hold.
    ///
    /// - Parameter place: a directory of this run alone, made and filled where one is needed.
    public func judge(place: String) throws -> ([UInt8]) -> [String] {
        switch self {
        case .wire:
            let checks = WireChecks()
            return checks.faults
        case .rules: return RulesChecks.faults
        case .journal:
            let checks = try JournalChecks(place: place)
            return checks.faults
        }
    }

    /// The same JSON written otherwise: what commands are held against.
    public static func respelt(_ document: [UInt8]) -> [UInt8] { Respelling.of(document) }
}
