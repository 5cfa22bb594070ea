/// A stretch of text before the lexicon has looked at it.
struct Segment {
    enum Kind: UInt8 { case word, number, emoji, emoticon, mark, mention, link }

    var kind: Kind
    /// All letters are capitals, and there are at least two.
    var isCapitals = false
    /// A letter came three times or more in a row.
    var isElongated = false
    /// Came with `#`.
    var isTag = false
    /// The ASCII character of a mark, and how often it came in a row.
    var mark: UInt8 = 0
    var markCount: Int32 = 0

    var byteStart: Int32
    var byteEnd: Int32
    var scalarStart: Int32
    var scalarEnd: Int32

    /// Where the normalised form lies in ``Segmenter/normal``.
    var normalStart: Int32 = 0
    var normalCount: Int32 = 0
    /// Of the normalised form of words, numbers, emoji and emoticons.
    var key = WordKey()
}
