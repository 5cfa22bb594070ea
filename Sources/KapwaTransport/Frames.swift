import KapwaDomain

/// What is wrong with the framing of a command message. It is answered once, with `"id":null`, and nothing is done.
public enum FramingError: Error, Hashable, Sendable {
    /// The first frame (after a delimiter) is not the protocol's name.
    case badHeader
    /// It names another version of the protocol.
    case unsupportedVersion
    /// A header and no command behind it.
    case noCommands
    /// More than `Limits.framesPerMessageMax`.
    case tooManyFrames
    /// More than `Limits.messageBytesMax`.
    case messageTooLarge
}

/// The first frames of messages on the command and worker sockets.
enum Frames {
    static let commandHeader: [UInt8] = Array(ProtocolVersion.header.utf8)
    static let workerHeader: [UInt8] = Array("KAPWAW1".utf8)
    private static let family: [UInt8] = Array("KAPWA".utf8)

    /// What is wrong with the header of a command message; `nil` when it is ours.
    static func fault(inHeader frame: UnsafeRawBufferPointer) -> FramingError? {
        if frame.elementsEqual(commandHeader) { return nil }
        let version = frame.dropFirst(family.count)
        let isVersion = (1...3).contains(version.count) && version.allSatisfy { (0x30...0x39).contains($0) }
        return isVersion && frame.starts(with: family) ? .unsupportedVersion : .badHeader
    }
}
