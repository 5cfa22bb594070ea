public import KapwaSentiment

/// Loads the lexicons as the daemon does, for commands that score by themselves.
public enum LexiconLoading {
    /// - Throws: ``StartFailure`` with every problem, one a line.
    public static func lexicon(models: String, overlays: [String]) throws(StartFailure) -> Lexicon {
        try Loading.lexicon(models: models, overlays: overlays)
    }
}
