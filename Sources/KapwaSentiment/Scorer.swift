public import KapwaDomain

/// Scores messages against a lexicon. One per thread: it owns buffers that are used again for each message.
public final class Scorer {
    /// What the scores are summed from.
    public let lexicon: Lexicon
    let reading: Reading

    /// - Parameter disabled: rules that shall not apply, to see what each is worth.
    public init(lexicon: Lexicon, disabled: Rules = []) {
        self.lexicon = lexicon
        reading = Reading(lexicon: lexicon)
        reading.disabled = disabled
    }

    /// Scores one message; any bytes are allowed.
    ///
    /// - Parameters:
    ///   - text: UTF-8; each broken part counts as one character. What lies beyond ``Limits/textBytesMax`` is not read:
    ///     no command can carry more.
    ///   - language: what the sender says it is; used when the words do not tell.
    ///   - evidence: whether to list the reasons. Safety flags always carry theirs.
    public func score(
        _ text: UnsafeBufferPointer<UInt8>, language: Assessment.Language? = nil, evidence: Bool = true
    ) -> Assessment {
        let text = UnsafeBufferPointer(rebasing: text.prefix(Limits.textBytesMax))
        reading.read(text)
        var assessment = Assessment()
        reading.fill(&assessment, language: language)
        reading.addSafety(to: &assessment, text)
        if evidence { reading.addEvidence(to: &assessment, text) }
        return assessment
    }

    /// Scores one message.
    public func score(_ text: String, language: Assessment.Language? = nil, evidence: Bool = true) -> Assessment {
        var text = text
        return text.withUTF8 { score($0, language: language, evidence: evidence) }
    }

    /// Work done for the last message, in steps that each take a bounded time.
    public var steps: Int { reading.segmenter.steps + reading.tokens.count + reading.matchSteps }
}
