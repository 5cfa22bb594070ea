import KapwaDomain
import Testing

@testable import KapwaWire

struct BodyHashTests {
    static func hash(_ json: String) -> BodyHash { decoded(json).hash }

    static let base =
        #"{"type":"agent.upsert","id":"1","agent":"a","skills":{"x":1,"y":2},"name":"Ana","#
        + #""at":"2026-11-21T19:30:00Z"}"#

    /// The base with one piece of it replaced.
    static func base(_ piece: String, _ replacement: String) -> BodyHash {
        let json = base.replacing(piece, with: replacement)
        #expect(json != base, "no \(piece) in the base")
        return hash(json)
    }

    @Test(
        "how it was written does not count",
        arguments: [
            (#"{"type""#, #"  {  "type" "#), (#""id":"1""#, #""id":"2""#), (#""agent":"a""#, #""agent":"\u0061""#),
            (#"{"x":1,"y":2}"#, #"{"y":2,"x":1}"#), ("2026-11-21T19:30:00Z", "2026-11-22T03:30:00.000+08:00"),
            (#""name":"Ana""#, #""name":"Ana","new":[1,{"x":null}]"#), (#""name":"Ana""#, #""name":"Ana","team":null"#),
            (#""name":"Ana""#, #""source":"","name":"Ana""#),
            // Tenant and sender are part of the key under which an id is remembered, not of the body.
            (#""name":"Ana""#, #""name":"Ana","tenant":"main""#), (#""name":"Ana""#, #""name":"Ana","source":"crm""#),
            (#""agent":"a","skills":{"x":1,"y":2}"#, #""skills":{"x":1,"y":2},"agent":"a""#),
        ])
    func same(_ piece: String, _ replacement: String) {
        #expect(Self.base(piece, replacement) == Self.hash(Self.base))
    }

    @Test(
        "everything that was said counts",
        arguments: [
            (#""agent":"a""#, #""agent":"b""#), (#"{"x":1,"y":2}"#, #"{"x":2,"y":1}"#),
            (#"{"x":1,"y":2}"#, #"{"x":1}"#),
            ("Ana", "Anna"), (#","at":"2026-11-21T19:30:00Z""#, ""), ("19:30:00Z", "19:30:00.001Z"),
            (#""name":"Ana""#, #""name":"Ana","by":{"role":"a","name":"b"}"#), (#""name":"Ana""#, #""team":"Ana""#),
            (#""name":"Ana""#, #""name":"Ana","attributes":{}"#), (#","name":"Ana""#, ""),
        ])
    func different(_ piece: String, _ replacement: String) {
        #expect(Self.base(piece, replacement) != Self.hash(Self.base))
    }

    @Test("off and absent are the same, true and absent are not")
    func flags() {
        func message(_ more: String) -> BodyHash {
            Self.hash(#"{"type":"conversation.message","id":"1","conversation":"c","from":"bot","text":""\#(more)}"#)
        }
        #expect(message("") == message(#","hold":false,"return":[]"#))
        #expect(message("") != message(#","hold":true"#))
        #expect(message("") != message(#","return":["tags"]"#))
    }

    @Test("types of attributes are told apart")
    func attributes() {
        let values = [#""1""#, "1", "0", "true", "false", #""true""#]
        let hashes = values.map {
            Self.hash(#"{"type":"agent.upsert","id":"1","agent":"a","attributes":{"x":\#($0)}}"#)
        }
        #expect(Set(hashes).count == values.count)
    }

    @Test("the bodies of all types differ")
    func types() {
        let hashes = CommandDecoderTests.bodies.map { Self.hash(#"{"id":"1",\#($0.0)}"#) }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("it is the published SipHash-2-4-128, so that it is the same everywhere and for good")
    func vectors() {
        // The reference vectors: key 00…0f, message 00, 01, …
        func hash(_ length: Int) -> BodyHash {
            var hasher = BodyHasher(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
            (0..<length).map { UInt8($0) }.withUnsafeBytes { hasher.feed($0) }
            return hasher.finish()
        }
        let expected = [
            (0, BodyHash(high: 0xe6a8_25ba_047f_81a3, low: 0x9302_55c7_1472_f66d)),
            (1, BodyHash(high: 0x44af_996b_d8c1_87da, low: 0x45fc_229b_1159_7634)),
            (7, BodyHash(high: 0x53c1_dbd8_beeb_f1a1, low: 0x3982_f01f_a64a_b8c0)),
            (8, BodyHash(high: 0x61f5_5862_baa9_623b, low: 0xb497_14f3_64e2_830f)),
            (15, BodyHash(high: 0x11a8_b033_99e9_9354, low: 0xd9c3_cf97_0fec_087e)),
            (63, BodyHash(high: 0x4a83_502f_77d1_5051, low: 0x7cbd_3f97_9a06_3e50)),
        ]
        for (length, value) in expected { #expect(hash(length) == value, "length \(length)") }
    }

    @Test("however the bytes are cut into pieces, the hash is that of the whole")
    func pieces() {
        let message = (0..<64).map { UInt8($0) }
        func hash(_ cuts: [Int]) -> BodyHash {
            var hasher = BodyHasher()
            for (from, to) in zip([0] + cuts, cuts + [64]) {
                message[from..<to].withUnsafeBytes { hasher.feed($0) }
            }
            return hasher.finish()
        }
        for first in 0..<32 { for second in 32..<64 { #expect(hash([first, second]) == hash([])) } }
    }

    @Test("a hash reads as 32 hexadecimal digits")
    func description() {
        #expect(BodyHash(high: 0xAB, low: 1).description == "00000000000000ab0000000000000001")
    }

    @Test("the hash of a command is what it was in every earlier version")
    func golden() {
        #expect(Self.hash(Self.base).description == "4c9656d8bcb0913c6aadffbeabed6b9d")
    }

    @Test("identifiers are checked by the same rule as in the domain, for every byte")
    func identifiers() {
        for byte in UInt8.min...UInt8.max {
            let valid = [UInt8(ascii: "a"), byte].withUnsafeBufferPointer { $0.isIdentifier }
            #expect(valid == AgentID.isValid([UInt8(ascii: "a"), byte]), "byte \(byte)")
        }
        #expect([UInt8](repeating: 97, count: 128).withUnsafeBufferPointer { $0.isIdentifier })
        #expect(![UInt8](repeating: 97, count: 129).withUnsafeBufferPointer { $0.isIdentifier })
        #expect(![UInt8]().withUnsafeBufferPointer { $0.isIdentifier })
    }
}
