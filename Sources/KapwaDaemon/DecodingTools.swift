import KapwaDomain
import KapwaWire
import Synchronization

/// The parsers of the transport's thread, behind a lock that nobody else ever holds.
///
/// The delegate's calls all come on one thread, but the compiler cannot know that; an uncontended lock per batch
/// costs some 20 ns.
final class DecodingTools: Sendable {
    private struct Tools: ~Copyable {
        let decoder = CommandDecoder()
        let codec = ScoringCodec()
    }

    private let tools = Mutex(Tools())

    func use(_ body: (CommandDecoder, ScoringCodec) -> Void) {
        tools.withLock { body($0.decoder, $0.codec) }
    }
}
