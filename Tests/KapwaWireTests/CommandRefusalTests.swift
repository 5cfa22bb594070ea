import KapwaDomain
import Testing

@testable import KapwaWire

struct CommandRefusalTests {
    @Test(
        "what is no command is refused as such",
        arguments: RefusalRows.malformed + RefusalRows.types + RefusalRows.common)
    func frames(_ row: RefusalRows.Row) { check(row.0, row) }

    @Test(
        "a wrong field is named",
        arguments: RefusalRows.agents + RefusalRows.conversations + RefusalRows.review + RefusalRows.reads)
    func fields(_ row: RefusalRows.Row) { check(#"{"id":"1",\#(row.0)}"#, row) }

    private func check(_ json: String, _ row: RefusalRows.Row) {
        let refused = refusal(json)
        #expect(refused?.code == row.1, "\(json): \(refused?.message ?? "taken")")
        #expect(refused?.field == row.2, "\(json)")
        // What was wrong, and a clause that says what would be right.
        #expect((refused?.message.count ?? 0) > 20)
    }

    @Test("of several wrongs the first of the contract's order is answered", arguments: RefusalRows.order)
    func order(_ row: RefusalRows.Row) { check(row.0, row) }

    @Test("invalid UTF-8 is malformed, in every position of a frame")
    func encoding() {
        let good = bytes(#"{"type":"ping","id":"1","x":"añb"}"#)
        let decoder = CommandDecoder()
        for index in good.indices {
            var bad = good
            bad[index] = 0xFF
            guard case .failure(let refusal) = decoder.decode(bad, tenants: ["main"], now: noon).result else {
                Issue.record("byte \(index) was taken")
                continue
            }
            #expect(refusal.code == .malformed, "byte \(index)")
        }
    }

    @Test("the reply carries the id of a refused command where it has a good one")
    func identity() {
        #expect(decoded(#"{"type":"nonsense","id":"7"}"#).id == "7")
        #expect(decoded(#"{"type":"agent.state","id":"7"}"#).id == "7")
        #expect(decoded(#"{"type":"ping","id":"a b"}"#).id == nil)
        #expect(decoded("[]").id == nil)
    }

    @Test("an unknown type is refused with the list of those that are known")
    func unknown() throws {
        let message = try #require(refusal(#"{"type":"break.postpones","id":"1"}"#)).message
        for type in Command.Kind.allCases { #expect(message.contains(type.rawValue)) }
    }
}
