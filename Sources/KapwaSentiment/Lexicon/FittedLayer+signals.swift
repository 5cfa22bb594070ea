extension FittedLayer {
    /// What a message as a whole may show. In a fitted term: `<always>`, or `<warm> <link>` for two at once.
    ///
    /// Which feelings were rated says how the message leans, its form how much such a lean means: one warm word in a
    /// short personal line is praise, the same word among hashtags and links is mostly news.
    enum Signal: Int, CaseIterable {
        // MARK: Feelings rated by hand: exactly one of these four holds

        /// No feeling, praise alone, complaint alone, or both.
        case plain, warm, cold, both

        // MARK: How much of them

        /// The lead of one side.
        case some, strong, great
        /// Both sides weigh nearly the same.
        case even

        // MARK: Form

        case always, question, exclaim, exclaims, capitals, contrast, negated, mention, link, swear
        case number, elongated, emoji, ellipsis
        /// Hashtags: one, or three and more. Two or more `@names`.
        case hashtag, hashtags, mentions
        /// Fewer than 5, 8 and 12 words, and 25 or more.
        case tiny, short, brief, long
        /// Words between quotation marks.
        case quoted

        /// The feelings stand first, so that a pair is found by counting.
        static let feelings = 4
        /// Each signal alone, then each feeling with each signal.
        static let slots = (feelings + 1) * allCases.count

        var term: String { "<\(self)>" }

        static func slot(_ feeling: Signal, _ other: Signal) -> Int {
            (feeling.rawValue + 1) * allCases.count + other.rawValue
        }

        /// Signals may be joined to a feeling only when they do not say themselves what was felt.
        static let slotByTerm: [String: Int] = {
            var slots = Dictionary(uniqueKeysWithValues: allCases.map { ($0.term, $0.rawValue) })
            for feeling in allCases.prefix(feelings) {
                for other in allCases.dropFirst(feelings) {
                    slots[feeling.term + " " + other.term] = slot(feeling, other)
                }
            }
            return slots
        }()
    }
}
