import KapwaDomain
import Testing

@testable import KapwaWire

struct ByteWriterTests {
    static func written(_ write: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter()
        write(&writer)
        return text(writer.bytes)
    }

    @Test("every scalar that needs an escape gets one, and comes back through the parser")
    func escapes() throws {
        #expect(Self.written { $0.string("a\"b\\c\n\r\t\u{1}\u{1F}/é") } == #""a\"b\\c\n\r\t\u0001\u001f/é""#)
        let parser = JSONParser()
        for value in UInt32(1)...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let json = bytes(Self.written { $0.string("<\(scalar)>") })
            let back = try json.withUnsafeBytes { try parser.parse($0).string }
            if back != "<\(scalar)>" { Issue.record("U+\(String(value, radix: 16)) came back as \(back ?? "nothing")") }
        }
    }

    @Test("scores have three decimals, integers none")
    func numbers() {
        #expect(Self.written { $0.score(830) } == "0.830")
        #expect(Self.written { $0.score(-610) } == "-0.610")
        #expect(Self.written { $0.score(1_000) } == "1.000")
        #expect(Self.written { $0.score(-5) } == "-0.005")
        #expect(Self.written { $0.score(0) } == "0.000")
        #expect(Self.written { $0.integer(Int64.min) } == "-9223372036854775808")
        #expect(Self.written { $0.integer(Int64.max) } == "9223372036854775807")
        #expect(Self.written { $0.integer(10) } == "10")
    }

    @Test("commas stand between keys and nowhere else")
    func commas() {
        let json = Self.written {
            $0.byte(UInt8(ascii: "{"))
            $0.key("a")
            $0.boolean(true)
            $0.key("b")
            $0.raw("[")
            $0.separate()
            $0.integer(1)
            $0.separate()
            $0.integer(2)
            $0.raw("]}")
        }
        #expect(json == #"{"a":true,"b":[1,2]}"#)
    }
}
