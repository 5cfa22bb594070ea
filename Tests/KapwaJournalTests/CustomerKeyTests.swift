import Foundation
import KapwaDomain
import Testing

@testable import KapwaJournal

@Suite struct CustomerKeyTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("the same customer has the same name, today and after a restart, and nobody else has it")
    func names() throws {
        let data = scratch.data()
        let key = try CustomerKey.open(in: data)
        let juan = key.name(of: "juan", tenant: "main")
        #expect(try CustomerKey.open(in: data).name(of: "juan", tenant: "main") == juan)
        #expect(juan.rawValue.count == 43 && juan.rawValue.hasPrefix("kh-"))
        #expect(!juan.rawValue.contains("juan"))
        #expect(key.name(of: "juana", tenant: "main") != juan)
        #expect(key.name(of: "juan", tenant: "other") != juan)
        #expect(try CustomerKey.open(in: scratch.data("elsewhere")).name(of: "juan", tenant: "main") != juan)
    }

    @Test("a name that this key gave stays; one that only looks like it gets a name of its own")
    func ownNames() throws {
        let key = try CustomerKey.open(in: scratch.data())
        let juan = key.name(of: "juan", tenant: "main")
        #expect(key.name(of: juan, tenant: "main") == juan)
        let forged = CustomerID(String(juan.rawValue.dropLast()) + (juan.rawValue.hasSuffix("0") ? "1" : "0"))
        #expect(key.name(of: forged, tenant: "main") != forged)
        let other = try CustomerKey.open(in: scratch.data("elsewhere"))
        #expect(other.name(of: juan, tenant: "main") != juan)
    }

    @Test("the key is its owner's alone, and a broken one is said to be broken")
    func file() throws {
        let data = scratch.data()
        _ = try CustomerKey.open(in: data)
        let path = data + "/" + CustomerKey.fileName
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        for text in ["", "abc", String(repeating: "g", count: 64), String(repeating: "0", count: 63)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: JournalError.self) { try CustomerKey.open(in: data) }
        }
    }
}
