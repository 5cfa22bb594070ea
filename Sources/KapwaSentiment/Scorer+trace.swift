extension Scorer {
    /// What fitting needs to know of a message: the words as scoring reads them, and what the hand ratings add up to.
    public struct Trace: Sendable {
        /// Words in order as a fitted term would name them; empty where the place is no word.
        public var words: [String]
        /// Roots of inflected words, as `root~`.
        public var roots: [String]
        /// What the message shows as a whole, as `<signal>`.
        public var signals: [String]
        /// Sums of the hand-rated rows by column, in thousandths, after all rules.
        public var sums: [String: Int]
    }

    /// Reads a message as ``score(_:language:evidence:)`` does and tells what was seen, fitted rows left out.
    public func trace(_ text: String) -> Trace {
        var text = text
        text.withUTF8 { reading.read($0, fitted: false) }
        var trace = Trace(words: [], roots: [], signals: [], sums: [:])
        for token in reading.tokens where !token.roles.meets(.polite) {
            trace.words.append(reading.fittedTerm(of: token))
            if token.root >= 0, !token.flags.contains(.denied), !token.roles.meets(.unfitted) {
                trace.roots.append(lexicon.tables.words.text(of: token.root) + "~")
            }
        }
        let shown = FittedLayer.Signal.allCases.filter { reading.shows($0) }
        trace.signals = shown.map(\.term)
        let feeling = reading.ratedFeeling.term
        for signal in shown.dropFirst() where signal != .always { trace.signals.append(feeling + " " + signal.term) }
        for axis in Weights.Axis.allCases { trace.sums[axis.name] = Int(reading.sums.weights[axis]) }
        trace.sums["strong"] = Int(reading.sums.strongFrustration)
        return trace
    }
}

extension Reading {
    /// The word as a fitted term names it; words that no lexicon knows are named as they were written.
    fileprivate func fittedTerm(of token: Token) -> String {
        if token.flags.contains(.denied) || token.roles.meets(.unfitted) { return "" }
        if token.flags.contains(.number) { return "<number>" }
        if token.flags.contains(.mention) { return "<mention>" }
        if token.word >= 0 { return lexicon.tables.words.text(of: token.word) }
        guard let segment = segmenter.segments.first(where: { $0.byteStart == token.byteStart }) else { return "" }
        // The parts of `order-xyz` have no name of their own; the whole would hide the part that is known.
        var parts = 0
        for other in 0..<tokens.count where tokens[other].byteStart == token.byteStart { parts += 1 }
        guard parts == 1 else { return "" }
        let form = segmenter.normal.bytes(Int(segment.normalStart), Int(segment.normalCount))
        return String(decoding: form, as: UTF8.self)
    }
}
