import Foundation
import KapwaDaemon

/// What is played: conversations and agents, from `Models/demo`.
struct DemoScript: Sendable {
    struct Turn: Decodable, Sendable {
        var afterSeconds: Double
        var from: String
        var text: String

        enum CodingKeys: String, CodingKey { case afterSeconds = "after_s", from, text }
    }

    struct Conversation: Decodable, Sendable {
        var id: String
        var customer: String
        var channel: String
        var topic: String
        var startSeconds: Double
        var turns: [Turn]
        var outcome: String
        var handleSeconds: Double

        enum CodingKeys: String, CodingKey {
            case id, customer, channel, topic, startSeconds = "start_s", turns, outcome, handleSeconds = "handle_s"
        }
    }

    struct Agent: Decodable, Sendable {
        var agent: String
        var name: String
        var team: String
        var skills: [String: Int]
        var capacity: Int
        var acceptAfter: [Double]
        var declineShare: Double
        var noAnswerShare: Double
        var wrapup: [Double]

        enum CodingKeys: String, CodingKey {
            case agent, name, team, skills, capacity, acceptAfter = "accept_after_s", declineShare = "decline_share"
            case noAnswerShare = "no_answer_share", wrapup = "wrapup_s"
        }
    }

    let conversations: [Conversation]
    let agents: [Agent]
    let rulesFile: String

    /// Half an hour, and ten minutes to finish what was begun.
    var seconds: Int { 2_400 }

    init(directory: URL) throws(StartFailure) {
        rulesFile = directory.appending(path: "rules.yaml").path(percentEncoded: false)
        let lines = try Self.read(directory, "conversations.jsonl").split(separator: UInt8(ascii: "\n"))
        let decoder = JSONDecoder()
        do {
            conversations = try lines.map { try decoder.decode(Conversation.self, from: Data($0)) }
                .sorted { $0.startSeconds < $1.startSeconds }
            agents = try decoder.decode([Agent].self, from: Self.read(directory, "agents.json"))
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw StartFailure(.badData, "the demo in \(directory.path()) cannot be read: \(error)")
        }
    }

    private static func read(_ directory: URL, _ name: String) throws(StartFailure) -> Data {
        let path = directory.appending(path: name).path(percentEncoded: false)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartFailure(.noInput, "\(path) is missing; name the models with --models")
        }
        return data
    }
}
