import Foundation
import JournalTorture
import Testing

@testable import KapwaJournal

/// `torture power 10000` plays more of the same.
@Suite struct PowerCutTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        OpenFiles.allowAll()
    }

    @Test(
        "Whenever the power goes, and whatever of the unsynced writes the disk keeps: nothing acknowledged is lost",
        arguments: 1...UInt64(50))
    func nothingIsLost(seed: UInt64) {
        var run = PowerCutRun(seed: seed, place: scratch.data("\(seed)"))
        let report = run.play(cuts: 10)
        #expect(report.failure == nil)
        #expect(report.cuts == 10)
    }

    @Test("The same cuts find what is lost when commits do not wait for the disk")
    func withoutWaiting() {
        let failures = (1...UInt64(10)).compactMap { seed in
            var run = PowerCutRun(seed: seed, place: scratch.data("off-\(seed)"), synchronous: .off)
            return run.play(cuts: 10).failure
        }
        #expect(failures.count >= 8)
    }
}
