import Foundation
import KapwaDomain
import Testing

@testable import KapwaWire

/// The published schema names what the code knows: no type, code or field is in one of them alone.
struct SchemaTests {
    /// Names below a path of the schema: keys of an object, strings of an array.
    static func names(_ path: [String]) throws -> Set<String> {
        let file = GoldenTests.directory.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/protocol.schema.json")
        let bytes = [UInt8](try Data(contentsOf: file))
        let parser = JSONParser()
        return try bytes.withUnsafeBytes { bytes in
            var value = try parser.parse(bytes, depthMax: 64, nodesMax: 100_000)
            for step in path {
                value = try #require(value.children.first { text(Array($0.key)) == step }, "no \(step) in \(path)")
            }
            return Set(value.children.map { value.isObject ? text(Array($0.key)) : $0.string ?? "" })
        }
    }

    @Test("every command and every event type has its definition")
    func types() throws {
        let definitions = try Self.names(["$defs"])
        let commands = definitions.filter { $0.hasPrefix("command.") }.subtracting(["command.common"])
        #expect(commands == Set(CommandType.allCases.map { "command.\($0.rawValue)" }))
        let events = definitions.filter { $0.hasPrefix("event.") }.subtracting(["event.common", "event.later"])
        #expect(events == Set(Event.Body.blanksByType.keys.map { "event.\($0)" }))
        #expect(try Self.names(["$defs", "event.later", "properties", "type", "enum"]) == EventTypes.later)
        #expect(try Self.names(["$defs", "eventType", "enum"]) == EventTypes.all)
    }

    @Test("every error code is in the schema")
    func codes() throws {
        let codes = try Self.names(["$defs", "error", "properties", "code", "enum"])
        #expect(codes == Set(RefusalCode.allCases.map(\.rawValue)))
    }

    @Test("every field of every event is in the schema", arguments: GoldenTests.events)
    func fields(_ event: Event) throws {
        var encoder = EventEncoder()
        var out = ByteWriter()
        encoder.full(event, into: &out)
        let parser = JSONParser()
        let written = try out.bytes.withUnsafeBytes { bytes in
            Set(try parser.parse(bytes, depthMax: 16).children.map { text(Array($0.key)) })
        }
        let common = try Self.names(["$defs", "event.common", "properties"])
        let own = try Self.names(["$defs", "event.\(event.body.type)", "properties"])
        #expect(written.subtracting(common).subtracting(own).isEmpty)
    }
}
