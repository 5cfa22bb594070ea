import KapwaDomain
import KapwaRouting

/// An explanation that can be printed.
public protocol WhyShown: Sendable {
    /// What is explained, as a line.
    var title: String { get }
    /// For people.
    func chapters(for audience: WhyAudience) -> [WhyChapter]
    /// For programs: one object.
    func json(for audience: WhyAudience) -> [UInt8]
}

extension WhyAnswer: WhyShown {
    public var title: String {
        "Conversation \(explanation.conversation), \(explanation.channel.rawValue), episode \(explanation.episode),"
            + " on \(WhyWords.date(explanation.at))"
    }
}
