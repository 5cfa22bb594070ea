import Foundation
import KapwaDomain

/// Reads the id back from an encoded reply: needed only when a full disk takes the answer back.
enum StoredReply {
    private struct Head: Decodable { var id: String? }

    static func id(of bytes: [UInt8]) -> CommandID? {
        // Every reply was encoded here a moment ago; one that does not decode has no id to give.
        let head = try? JSONDecoder().decode(Head.self, from: Data(bytes))
        return head?.id.map { CommandID($0) }
    }
}
