/// What the lexicons say of one word of the vocabulary.
struct WordInfo: Sendable {
    /// Roles of the word's own row; of its root's row when it has none.
    var roles: Roles = []
    /// The root that this word is a form of, or itself when it is one; −1 when none is known.
    var root: Vocabulary.ID = -1
    /// Whether a row of its own stands by hand, so that the root's does not count.
    var hasOwnRow = false
    var languages: Languages = []
    /// Words that this one is only a spelling of: a range in ``Lexicon/aliasTargets``.
    var aliasStart: Int32 = 0
    var aliasCount: Int32 = 0
    /// Number of the fitted adjustment for the word as written and for its root, −1 when none.
    var fitted: Int32 = -1
    var fittedRoot: Int32 = -1
    /// Where phrases that begin with the word, or with its root, go on; −1 when none does.
    var feeling: Int32 = -1
    var feelingRoot: Int32 = -1
    var alert: Int32 = -1
    var alertRoot: Int32 = -1
}
