public import KapwaDomain

/// How commands and replies are laid out in the frames of a message.
///
/// (an empty delimiter, from a REQ) · `KAPWA1` · 1 to 1,000 frames, each one JSON object; a reply likewise.
public enum Framing {
    /// The header of this version.
    public static let header = "KAPWA1"
    /// Headers that are spoken, for a refusal.
    public static let supported = [header]

    /// What a message's frames turned out to be.
    public struct Checked: Sendable, Hashable {
        /// Whether an empty frame came first, which the reply must repeat.
        public var hasDelimiter: Bool
        /// Indices of the frames that are commands, or why nothing is done: one reply with `"id":null`.
        public var commands: Result<Range<Int>, Refusal>
    }

    /// Looks at a message as it came, without the routing id.
    public static func check(
        _ frames: some RandomAccessCollection<UnsafeRawBufferPointer>
    ) -> Checked {
        var bytes = 0
        for frame in frames { bytes += frame.count }
        let rest = frames.first?.isEmpty == true ? frames.dropFirst() : frames[...]
        let start = frames.count - rest.count
        func refused(_ code: RefusalCode, _ message: String, supported: [String] = []) -> Checked {
            Checked(hasDelimiter: start == 1, commands: .failure(Refusal(code, message, supported: supported)))
        }
        guard let head = rest.first else {
            return refused(.malformed, "the message has no header; the first frame must be \(header)")
        }
        guard head.elementsEqual(header.utf8) else {
            if isOtherVersion(head) {
                return refused(
                    .unsupportedVersion, "this version is not spoken; the first frame must be \(header)",
                    supported: supported)
            }
            return refused(.malformed, "the first frame is no header; it must be \(header)")
        }
        let count = rest.count - 1
        guard count > 0 else {
            return refused(.malformed, "no frame after \(header); 1 to \(Limits.framesPerMessageMax) must follow")
        }
        guard count <= Limits.framesPerMessageMax else {
            return refused(
                .tooLarge, "the message has \(count) commands; at most \(Limits.framesPerMessageMax) are allowed")
        }
        guard bytes <= Limits.messageBytesMax else {
            return refused(
                .tooLarge, "the message has \(bytes) bytes; at most \(Limits.messageBytesMax) are allowed")
        }
        return Checked(hasDelimiter: start == 1, commands: .success(start + 1..<frames.count))
    }

    /// The frames that go before a reply's own: the delimiter where one came, and the header.
    public static func replyHead(delimiter: Bool) -> [[UInt8]] {
        delimiter ? [[], Array(header.utf8)] : [Array(header.utf8)]
    }

    /// `KAPWA` and a number: a peer of ours that speaks another version.
    private static func isOtherVersion(_ head: UnsafeRawBufferPointer) -> Bool {
        let name = "KAPWA".utf8
        return head.count > name.count && head.count <= 16 && head.starts(with: name)
            && head.dropFirst(name.count).allSatisfy { (0x30...0x39).contains($0) }
    }
}
