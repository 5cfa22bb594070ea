/// One message being read: its tokens, matches and sums. The buffers stay from message to message.
///
/// A class, so that no step copies it; only one ``Scorer`` has it and calls it from one place at a time, so that
/// nothing need watch over each access.
final class Reading {
    let lexicon: Lexicon
    let tables: Tables
    let numberWord: Vocabulary.ID
    let mentionWord: Vocabulary.ID
    /// Rules that are switched off, to see what each is worth.
    @exclusivity(unchecked) var disabled: Rules = []

    @exclusivity(unchecked) var segmenter = Segmenter()
    @exclusivity(unchecked) var resolver: Resolver
    @exclusivity(unchecked) var tokens = Buffer<Token>(capacity: 256)
    @exclusivity(unchecked) var hits = Buffer<Hit>(capacity: 64)
    /// Room for joining alert and feeling matches.
    @exclusivity(unchecked) var merged = Buffer<Hit>(capacity: 64)
    /// Per clause: whether it asks, and how often it exclaims.
    @exclusivity(unchecked) var clauses = Buffer<Clause>(capacity: 16)
    /// Roles that some match of the message has: a rule without its roles has nothing to do.
    @exclusivity(unchecked) var present: Roles = []
    /// Roles that some word of the message has.
    @exclusivity(unchecked) var said: Roles = []
    @exclusivity(unchecked) var sums = Sums()
    @exclusivity(unchecked) var abuse = AbuseFinding()
    /// Fitted adjustments seen in this message, so that each counts once.
    @exclusivity(unchecked) var seenFitted: Buffer<UInt32>
    @exclusivity(unchecked) var messageNumber: UInt32 = 0
    /// Names of the sets of rules seen so far.
    @exclusivity(unchecked) var ruleNames: [Rules: [String]] = [:]
    /// Steps of phrase matching: bounded per word.
    @exclusivity(unchecked) var matchSteps = 0

    struct Clause {
        var first: Int32
        var asks = false
        var exclaims: Int32 = 0
        /// Something in it makes an alarm doubtful.
        var isDoubted = false
    }

    init(lexicon: Lexicon) {
        self.lexicon = lexicon
        tables = lexicon.tables
        resolver = Resolver(lexicon: lexicon)
        numberWord = lexicon.numberWord
        mentionWord = lexicon.mentionWord
        seenFitted = Buffer(repeating: 0, count: lexicon.tables.fitted.count)
    }

    deinit {
        segmenter.free()
        resolver.free()
        tokens.free()
        hits.free()
        merged.free()
        clauses.free()
        seenFitted.free()
    }

    func isOn(_ rule: Rules) -> Bool { disabled.isDisjoint(with: rule) }

    /// Reads a message and applies every rule in turn.
    ///
    /// - Parameter fitted: whether the fitted adjustments are added.
    func read(_ text: UnsafeBufferPointer<UInt8>, fitted: Bool = true) {
        tokens.removeAll()
        hits.removeAll()
        clauses.removeAll()
        sums = Sums()
        present = []
        abuse = AbuseFinding()
        matchSteps = 0
        messageNumber &+= 1
        segmenter.read(text)
        tokenize()
        said = tokens.reduce(into: []) { $0.formUnion($1.roles) }
        match()
        applyHarmless()
        applyHonorifics()
        applyNames()
        applyReported()
        applyNegation()
        applyIntensity()
        findAbuse()
        applySarcasm()
        applyManners()
        applyHaste()
        applyResolved()
        applyDespair()
        applyDoubt()
        applyContrast()
        addUp()
        if fitted, isOn(.learned) { addFitted() }
    }

    func entry(_ hit: Hit) -> Entry { tables.entries[hit.entry] }

    /// The matches that may touch one, or end or begin within so many words of it; these are few whatever the message.
    func near(_ index: Int, words reach: Int) -> Range<Int> {
        let from = Int(hits[index].first) - reach - Self.matchWordsMax
        let to = Int(hits[index].end) + reach
        var (start, end) = (index, index + 1)
        while start > 0, Int(hits[start - 1].first) >= from { start -= 1 }
        while end < hits.count, Int(hits[end].first) <= to { end += 1 }
        return start..<end
    }

    /// The next token that is no particle, within the clause.
    func content(after index: Int) -> Int? {
        var next = index + 1
        while next < tokens.count, tokens[next].clause == tokens[index].clause {
            if !tokens[next].roles.meets(.particle) { return next }
            next += 1
            if next > index + 4 { return nil }
        }
        return nil
    }

    /// The token before that is no particle, within the clause.
    func content(before index: Int) -> Int? {
        var next = index - 1
        while next >= 0, tokens[next].clause == tokens[index].clause {
            if !tokens[next].roles.meets(.particle) { return next }
            next -= 1
            if next < index - 4 { return nil }
        }
        return nil
    }
}
