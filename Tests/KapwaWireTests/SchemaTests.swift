import Foundation
import KapwaDomain
import Testing

@testable import KapwaWire

/// The published schema names what the code knows: no type, code or field is in one of them alone.
struct SchemaTests {
    /// Names below a path of the schema: keys of an object, strings of an array.
    static func names(_ path: [String]) throws -> Set<String> {
        try look(path) { value in Set(value.children.map { value.isObject ? text(Array($0.key)) : $0.string ?? "" }) }
    }

    /// What the items of an array refer to.
    private static func references(_ path: [String]) throws -> Set<String> {
        try look(path) { value in Set(value.children.compactMap { item in item.children.first { _ in true }?.string }) }
    }

    private static func look(_ path: [String], _ read: (JSONValue) -> Set<String>) throws -> Set<String> {
        let file = GoldenTests.directory.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/protocol.schema.json")
        let bytes = [UInt8](try Data(contentsOf: file))
        let parser = JSONParser()
        return try bytes.withUnsafeBytes { bytes in
            var value = try parser.parse(bytes, depthMax: 64, nodesMax: 100_000)
            for step in path {
                value = try #require(value.children.first { text(Array($0.key)) == step }, "no \(step) in \(path)")
            }
            return read(value)
        }
    }

    /// The properties of a definition with those of the definitions that it builds on.
    static func properties(of definition: String) throws -> Set<String> {
        var all = try names(["$defs", definition, "properties"])
        for part in ["placement", "placed", "breakChanged", "offerEnded"] where try builds(definition, on: part) {
            all.formUnion(try names(["$defs", part, "properties"]))
        }
        return all
    }

    private static func builds(_ definition: String, on part: String) throws -> Bool {
        guard try names(["$defs", definition]).contains("allOf") else { return false }
        return try references(["$defs", definition, "allOf"]).contains("#/$defs/\(part)")
    }

    @Test("every command and every event type has its definition")
    func types() throws {
        let definitions = try Self.names(["$defs"])
        let commands = definitions.filter { $0.hasPrefix("command.") }.subtracting(["command.common"])
        #expect(commands == Set(Command.Kind.allCases.map { "command.\($0.rawValue)" }))
        let events = definitions.filter { $0.hasPrefix("event.") }.subtracting(["event.common"])
        #expect(events == Set(Event.Body.blanksByType.keys.map { "event.\($0)" }))
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
        let known = try Self.properties(of: "event.common").union(Self.properties(of: "event.\(event.body.type)"))
        #expect(written.subtracting(known).isEmpty)
    }
}
