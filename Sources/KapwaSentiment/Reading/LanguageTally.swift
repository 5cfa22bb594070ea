internal import KapwaDomain

/// Counts the words of each language, and how many words are known at all.
struct LanguageTally {
    private var words = 0
    private var known = 0
    /// Words that only tell the language: nothing is known of what they say.
    private var merelyNamed = 0
    private var tagalog = 0
    private var english = 0
    private var cebuano = 0
    private var ilocano = 0
    private var signs = 0

    mutating func add(_ token: Token) {
        if !token.flags.isDisjoint(with: [.number, .mention]) { return }
        if token.flags.contains(.emoji) {
            if token.flags.contains(.known) { signs += 1 }
            return
        }
        words += 1
        let isRegional = token.languages == .cebuano || token.languages == .ilocano
        if isRegional && token.roles.rawValue == 0 {
            merelyNamed += 1
        } else if token.flags.contains(.known) {
            known += 1
        }
        switch token.languages {
        case .tagalog: tagalog += 1
        case .english: english += 1
        case .cebuano: cebuano += 1
        case .ilocano: ilocano += 1
        default: break
        }
    }

    /// Share of known words, 0…1000; of a message without words whether its emoji are known.
    var coverage: Int {
        if words > 0 { return known * 1_000 / words }
        return signs > 0 ? 1_000 : 0
    }

    /// Words that only one language has decide; the hint only when they say nothing.
    func language(_ hint: Assessment.Language?) -> Assessment.Language {
        let told = tagalog + english + cebuano + ilocano
        guard told > 0, (known + merelyNamed) * 5 >= words else { return hint ?? .other }
        // Their everyday words stand in no Tagalog message; most of the small words of Cebuano are Tagalog's too.
        if cebuano * 4 >= max(1, tagalog) && cebuano > ilocano && cebuano * 5 >= english { return .ceb }
        if ilocano * 2 >= max(1, tagalog) && ilocano * 5 >= english { return .ilo }
        if tagalog * 10 >= (tagalog + english) * 8 { return .tl }
        if english * 10 >= (tagalog + english) * 9 { return .en }
        return .taglish
    }
}
