/// Where the first word of phrases leads, so that the many words that are rated alone need no look into the phrases.
struct PhraseStart: Hashable, Sendable, BitwiseCopyable {
    private var value: Int32

    /// No phrase begins so.
    static var none: PhraseStart { PhraseStart(value: -1) }
    /// The phrase ends here, with this entry.
    static func whole(_ entry: Int32) -> PhraseStart { PhraseStart(value: -2 - entry) }
    /// The phrase may go on from this node.
    static func on(_ node: Int32) -> PhraseStart { PhraseStart(value: node) }

    @inline(__always)
    var exists: Bool { value != -1 }
    /// The node, −1 when there is none.
    @inline(__always)
    var node: Int32 { value >= 0 ? value : -1 }
    /// The entry of a phrase that is one word, −1 when it is none.
    @inline(__always)
    var entry: Int32 { value < -1 ? -2 - value : -1 }
}
