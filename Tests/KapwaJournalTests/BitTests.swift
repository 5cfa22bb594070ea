import Foundation
import JournalTorture
import Testing

/// Single bits of a whole journal file, wherever they are; `torture bits` flips all.
@Suite struct BitTests {
    @Test("whatever bit of the file is flipped is noticed, or changes nothing that is told")
    func flips() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("bits-\(UUID().uuidString)").path
        let flips = try BitFlips(events: 200, place: place)
        defer { flips.end() }
        // A prime step: no two of them stand at the same place of a page.
        let report = try flips.play(stride(from: 13, to: flips.bits, by: flips.bits / 200 | 1))
        #expect(report.failures == [])
        #expect(report.flips >= 190)
        #expect(report.noticed > report.flips / 3)
        #expect(report.noticed + report.harmless == report.flips)
        let header = try flips.play(0..<120)
        #expect(header.failures == [] && header.noticed > 0)
    }
}
