import Foundation

/// A response before it meets HTTP: pure, so that each route can be tested without a socket.
struct Answer: Hashable, Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    /// Methods that would be right, with status 405.
    var allow: String?
    /// Seconds after which asking again makes sense.
    var retryAfter: Int?
    /// How somebody shows who it is, with status 401.
    var challenge: String?
    /// Whether the connection ends with it.
    var closes = false

    static func json(_ status: Int, _ value: some Encodable) -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and lists of them always encode; an empty object says that something is amiss.
        let body = (try? encoder.encode(value)).map(Array.init) ?? Array("{}".utf8)
        return Answer(status: status, contentType: "application/json", body: body + Array("\n".utf8))
    }

    static func error(_ status: Int, _ code: String, _ message: String) -> Answer {
        json(status, ["error": ["code": code, "message": message]])
    }

    /// What a stranger sent, fit to be shown: short and without control characters.
    static func shown(_ text: String) -> String {
        let clean = text.unicodeScalars.prefix(100).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        return "\"\(clean.joined())\(text.unicodeScalars.count > 100 ? "…" : "")\""
    }
}
