/// A peer of the command socket, as the transport knows it. Never reused: a late reply cannot reach somebody else.
public struct PeerID: Hashable, Sendable, CustomStringConvertible {
    let index: UInt32
    let generation: UInt32

    public var description: String { "peer \(index).\(generation)" }
}
