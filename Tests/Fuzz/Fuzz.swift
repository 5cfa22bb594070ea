import Glibc
import KapwaSentiment

/// What `Tests/Fuzz/run` wants to be fed; the engine has one entry for both.
private enum Target {
    case scorer(Scorer)
    case lexicon

    /// The engine calls from one thread.
    nonisolated(unsafe) static let wanted: Target = {
        func value(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        switch value("KAPWA_FUZZ") {
        case "lexicon": return .lexicon
        case "scorer":
            do throws(LexiconError) {
                return .scorer(Scorer(lexicon: try Lexicon.load(directory: value("KAPWA_FUZZ_LEXICONS"))))
            } catch {
                end("\(error)")
            }
        default: end("KAPWA_FUZZ must be scorer or lexicon")
        }
    }()
}

private func end(_ words: String) -> Never {
    let line = Array("fuzz: \(words)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    abort()
}

/// Called by the engine with every input; whatever does not hold ends the process, and the engine keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let faults =
        switch Target.wanted {
        case .scorer(let scorer): FuzzChecks.faults(ofMessage: bytes, scorer)
        case .lexicon: FuzzChecks.faults(ofLexicon: Array(bytes))
        }
    if !faults.isEmpty { end(faults.joined(separator: "; ")) }
    return 0
}
