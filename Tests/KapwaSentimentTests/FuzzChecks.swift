import KapwaDomain
import KapwaSentiment

/// What must hold for any bytes: held against the kept inputs by the tests, and against new ones by `Tests/Fuzz`.
enum FuzzChecks {
    /// Bounded work for each byte of a message, with room for a start.
    private static let stepsPerByteMax = 400

    /// Scores any bytes as a message.
    ///
    /// - Returns: what does not hold.
    static func faults(ofMessage bytes: UnsafeBufferPointer<UInt8>, _ scorer: Scorer) -> [String] {
        let found = scorer.score(bytes)
        var faults: [String] = []
        if scorer.steps > stepsPerByteMax * (bytes.count + 1) {
            faults.append("\(scorer.steps) steps for \(bytes.count) bytes")
        }
        let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        for reason in found.evidence {
            guard 0 <= reason.start, reason.start < reason.end, reason.end <= scalars.count else {
                faults.append("evidence \(reason.start)..<\(reason.end) of \(scalars.count)")
                continue
            }
            var words = String.UnicodeScalarView()
            words.append(contentsOf: scalars[reason.start..<reason.end])
            if Array(String(words).utf8) != Array(reason.text.utf8) { faults.append("evidence is not the text's") }
        }
        for flag in found.safety where !(0 <= flag.start && flag.start < flag.end && flag.end <= scalars.count) {
            faults.append("flag \(flag.start)..<\(flag.end) of \(scalars.count)")
        }
        for tag in Tag.allCases where !(0...1_000).contains(found.tags[tag].milli) {
            faults.append("\(tag) out of range")
        }
        if !(-1_000...1_000).contains(found.polarity.milli) { faults.append("polarity out of range") }
        if !(0...1_000).contains(found.coverage.milli) { faults.append("coverage out of range") }
        if found.evidence.count > Limits.evidencePerMessageMax { faults.append("too much evidence") }
        if scorer.score(bytes, evidence: false).tags != found.tags { faults.append("read twice, scored differently") }
        return faults
    }

    /// Loads any bytes as a lexicon, alone and over another: a lexicon that scores, or faults with their place.
    static func faults(ofLexicon bytes: [UInt8]) -> [String] {
        let base = Lexicon.Source(
            name: "base.tsv",
            bytes: Array("term\tlang\tfamily\tmeans\tsafety\nanak ko\ttl\t900\t\t\nq\tany\t\tko\t\n".utf8))
        let header = Array("term\tlang\trole\tfrustration\tpositive\tsafety\tmeans\tfactor\torigin\n".utf8)
        let file = Lexicon.Source(name: "any.tsv", bytes: bytes.starts(with: "term".utf8) ? bytes : header + bytes)
        let lines = 1 + file.bytes.count { $0 == UInt8(ascii: "\n") }
        var faults: [String] = []
        for overlays in [[], [file]] {
            do throws(LexiconError) {
                let lexicon = try Lexicon.load(overlays.isEmpty ? [file] : [base], overlays: overlays)
                let scorer = Scorer(lexicon: lexicon)
                faults += bytes.prefix(512).withUnsafeBufferPointer { Self.faults(ofMessage: $0, scorer) }
            } catch {
                if error.problems.isEmpty { faults.append("refused without a reason") }
                for problem in error.problems where problem.what.isEmpty || problem.remedy.isEmpty {
                    faults.append("a fault without words at \(problem.line)")
                }
                for problem in error.problems where problem.line > lines {
                    faults.append("line \(problem.line) of \(lines)")
                }
            }
        }
        return faults
    }
}
