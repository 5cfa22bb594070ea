import KapwaDomain
import Testing

@testable import KapwaDaemon

@Suite struct ReadmissionTests {
    private static let second: UInt64 = 1_000_000_000

    /// One that has carried out 10,000 commands a second for long.
    private func measured() -> Readmission {
        var readmission = Readmission()
        for _ in 0..<60 { readmission.worked(10_000, nanoseconds: Self.second) }
        return readmission
    }

    @Test("whoever is refused is told when the backlog will be below the mark, at the pace that was measured")
    func drained() {
        var readmission = measured()
        #expect(readmission.wait(excess: 5_000, at: Self.second) == 500)
        var slow = Readmission()
        for _ in 0..<60 { slow.worked(500, nanoseconds: Self.second) }
        #expect(slow.wait(excess: 5_000, at: Self.second) == 10_000)
    }

    @Test("everybody refused gets a turn of their own, behind those who were told before")
    func turns() {
        var readmission = measured()
        let waits = (0..<10_001).map { _ in readmission.wait(excess: 5_000, at: Self.second) }
        #expect(waits.first == 500)
        #expect(waits.last == 1_500)
        #expect(waits == waits.sorted())
    }

    @Test("what was told is over once its time has come")
    func passes() {
        var readmission = measured()
        for _ in 0..<10_000 { _ = readmission.wait(excess: 5_000, at: Self.second) }
        #expect(readmission.wait(excess: 5_000, at: 3 * Self.second) == 500)
    }

    @Test("once there is room nobody waits behind those who were told before")
    func room() {
        var readmission = measured()
        for _ in 0..<10_000 { _ = readmission.wait(excess: 5_000, at: Self.second) }
        readmission.thereIsRoom()
        #expect(readmission.wait(excess: 1_000, at: Self.second) == 100)
    }

    @Test("no wait is shorter or longer than the contract says, however many are refused")
    func bounds() {
        var readmission = measured()
        #expect(readmission.wait(excess: 0, at: Self.second) == Limits.retryAfter.lowerBound)
        let waits = (0..<400_000).map { _ in readmission.wait(excess: 8_000, at: Self.second) }
        #expect(waits.last == Limits.retryAfter.upperBound)
        #expect(readmission.wait(excess: 8_000, at: 2 * Self.second) == 29_001, "what was told stays told")
    }

    @Test("a turn without commands, or one that took no time, changes nothing")
    func nothing() {
        var readmission = measured()
        let before = readmission.perSecond
        readmission.worked(0, nanoseconds: Self.second)
        readmission.worked(5, nanoseconds: 0)
        #expect(readmission.perSecond == before)
        readmission.worked(1_000, nanoseconds: Self.second)
        #expect(readmission.perSecond < before)
    }
}
