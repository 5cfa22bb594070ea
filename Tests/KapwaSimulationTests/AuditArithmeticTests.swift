import KapwaDomain
import Testing

@testable import KapwaSimulation

/// The auditor's own formulas, held against cases worked out by hand.
@Suite struct AuditArithmeticTests {
    @Test("a chat's units grow from hardness 500 on, rounded up; a call's never do")
    func units() {
        #expect(AuditArithmetic.units(.chat, hardness: 500) == 25)
        #expect(AuditArithmetic.units(.chat, hardness: 514) == 26)
        #expect(AuditArithmetic.units(.social, hardness: 1_000) == 50)
        #expect(AuditArithmetic.units(.voice, hardness: 1_000) == 100)
        #expect(AuditArithmetic.units(.sms, hardness: 1_000) == 15)
    }

    @Test("an ordinary hard contact, peak 0.75 for 8 minutes, is one contact")
    func ordinaryHardContact() {
        #expect(AuditArithmetic.points(peak: 750, minutes: 8, abuse: 0, hard: true) == 1_000)
        #expect(AuditArithmetic.points(peak: 1_000, minutes: 60, abuse: 500, hard: true) == 2_800)
        #expect(AuditArithmetic.points(peak: 600, minutes: 60, abuse: 0, hard: false) == 0)
    }

    @Test("a ledger halves in its half-life, and never below nothing")
    func halving() {
        #expect(AuditArithmetic.decayed(2_000, after: .minutes(90), halfLife: .minutes(90)) == 1_000)
        #expect(AuditArithmetic.decayed(2_000, after: .minutes(45), halfLife: .minutes(90)) == 1_414)
        #expect(AuditArithmetic.decayed(2_000, after: .days(900), halfLife: .minutes(5)) == 0)
    }
}
