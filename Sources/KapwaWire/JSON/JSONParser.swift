import CSimdjson
import KapwaDomain

/// Why bytes are no JSON that Kapwa reads.
enum JSONFailure: Error, Equatable {
    case empty, encoding, string, number, syntax, nul, tooLarge, memory
    case depth(Int)
    case repeatedKey(String)

    /// What was wrong and what would be right. Repeats nothing of the document but a key.
    var message: String {
        switch self {
        case .empty: "an empty frame; a JSON object is expected"
        case .encoding: "the bytes are not valid UTF-8"
        case .string: "a string has a lone surrogate, an unknown escape or an unescaped control character"
        case .number: "a number is not written as JSON wants it or does not fit 64 bits"
        case .syntax: "not valid JSON: one JSON object and nothing after it is expected"
        case .depth(let limit): "nested deeper than \(limit) levels"
        case .repeatedKey(let key): "the key \"\(key)\" is repeated; each may stand once in an object"
        case .nul: "a string contains U+0000, which is not allowed"
        case .tooLarge: "more values than \(Limits.commandBytesMax) bytes can hold"
        case .memory: "no memory to parse it"
        }
    }
}

/// A JSON parser with memory of its own, reused from document to document. For one thread.
final class JSONParser {
    private let parser: OpaquePointer

    init() {
        guard let parser = kapwa_json_parser_create() else { preconditionFailure("no memory for a JSON parser") }
        self.parser = parser
    }

    deinit { kapwa_json_parser_destroy(parser) }

    /// The document's root. It and all below are valid until the next call only.
    func parse(
        _ bytes: UnsafeRawBufferPointer, depthMax: Int = Limits.jsonDepthMax, nodesMax: Int = Limits.commandBytesMax
    ) throws(JSONFailure) -> JSONValue {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { throw .empty }
        var root: UnsafePointer<kapwa_json_node>?
        let status = kapwa_json_parse(parser, start, bytes.count, UInt32(depthMax), UInt32(nodesMax), &root)
        guard Int(status) == KAPWA_JSON_OK, let root else { throw failure(Int(status), depthMax) }
        return JSONValue(node: root)
    }

    private func failure(_ status: Int, _ depthMax: Int) -> JSONFailure {
        switch status {
        case KAPWA_JSON_EMPTY: .empty
        case KAPWA_JSON_UTF8: .encoding
        case KAPWA_JSON_STRING_BAD: .string
        case KAPWA_JSON_NUMBER_BAD: .number
        case KAPWA_JSON_DEPTH: .depth(depthMax)
        case KAPWA_JSON_REPEATED_KEY: .repeatedKey(repeatedKey())
        case KAPWA_JSON_NUL: .nul
        case KAPWA_JSON_TOO_LARGE: .tooLarge
        case KAPWA_JSON_MEMORY: .memory
        default: .syntax
        }
    }

    private func repeatedKey() -> String {
        var length = 0
        let key = kapwa_json_repeated_key(parser, &length)
        let shown = min(length, Limits.identifierBytesMax)
        return String(decoding: UnsafeBufferPointer(start: key, count: shown), as: UTF8.self)
    }
}
