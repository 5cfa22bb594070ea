import Foundation
import KapwaDomain
import Testing

@testable import KapwaRouting

/// Worked cases, computed apart from this code with exact fractions.
@Suite struct FormulaTests {
    struct Cases: Decodable {
        struct Units: Decodable { var channel: String, hardness: Int, units: Int }
        struct Points: Decodable {
            var urgency: Int, distress: Int, family: Int, priority: Int, bad: Bool, points: Int
            var since: Int64, target: Int64, rank: Int64
        }
        struct Contact: Decodable { var peak: Int, minutes: Int, abuse: Int, hard: Bool, points: Int }
        var powers: [String: UInt64]
        var units: [Units]
        var points: [Points]
        var contacts: [Contact]
        var ledgers: [[[Field]]]

        enum Field: Decodable {
            case number(Int64), word(String)
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int64.self) {
                    self = .number(number)
                } else {
                    self = .word(try container.decode(String.self))
                }
            }
        }
    }

    /// Of two hands: each computed its cases apart from the other and from this code.
    let sets: [Cases]

    init() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/routing")
        sets = try ["formulas.json", "worked.json"].map {
            try JSONDecoder().decode(Cases.self, from: Data(contentsOf: directory.appending(path: $0)))
        }
    }

    @Test("powers of one half are exact to the last of 32 bits")
    func powers() {
        #expect(sets.map(\.powers.count) == [16, 8])
        for (index, value) in sets.flatMap({ Array($0.powers) }) {
            #expect(StressLedger.powers[Int(index) ?? 0] == value)
        }
    }

    @Test("units follow channel and hardness")
    func units() throws {
        #expect(sets.map(\.units.count) == [65, 40])
        for expected in sets.flatMap(\.units) {
            let channel = try #require(Channel(rawValue: expected.channel))
            #expect(Formulas.units(channel, hardness: Score(milli: expected.hardness)) == expected.units)
        }
    }

    @Test("points come from urgency, distress, family in need, priority and bad experiences; rank from them")
    func pointsAndRank() {
        #expect(sets.map(\.points.count) == [60, 40])
        for expected in sets.flatMap(\.points) {
            var tags = Tags()
            tags.urgency = Score(milli: expected.urgency)
            tags.distress = Score(milli: expected.distress)
            tags.family = Score(milli: expected.family)
            let points = Formulas.points(priority: expected.priority, tags: tags, badExperiences: expected.bad)
            #expect(points == expected.points)
            let since = Instant(milliseconds: expected.since)
            #expect(Formulas.rank(since: since, target: expected.target, points: points) == expected.rank)
        }
    }

    @Test("shouting buys nothing: frustration, abuse and threat add no points")
    func shouting() {
        var tags = Tags()
        tags.frustration = .one
        tags.abuse = .one
        tags.threat = .one
        #expect(Formulas.points(priority: 0, tags: tags, badExperiences: false) == 0)
    }

    @Test("a contact books strain, time when hard, and abuse")
    func contacts() {
        #expect(sets.map(\.contacts.count) == [60, 40])
        for expected in sets.flatMap(\.contacts) {
            #expect(
                Formulas.contactPoints(
                    peak: Score(milli: expected.peak), minutes: expected.minutes, abuse: Score(milli: expected.abuse),
                    hard: expected.hard) == expected.points)
        }
    }

    @Test("a ledger fades at the pace of what the agent does and is re-anchored with every booking")
    func ledgers() {
        #expect(sets.map(\.ledgers.count) == [60, 40])
        for steps in sets.flatMap(\.ledgers) {
            var ledger = StressLedger()
            ledger.set(0, at: Instant(milliseconds: 0))
            var last = Instant(milliseconds: 0)
            for step in steps {
                guard case .number(let at) = step[0], case .word(let phase) = step[1],
                    case .number(let added) = step[2], case .number(let expected) = step[3]
                else {
                    Issue.record("a step is [at, phase, added, expected]")
                    return
                }
                let pace: StressLedger.Pace =
                    phase == "break" ? .onBreak : phase == "ready" ? .working : .away
                // The phase of a row lasted from the row before; without decay in between, anchors do not move.
                var probe = StressLedger()
                probe.change(to: pace, at: last)
                probe.set(ledger.value(at: last), at: last)
                let now = Instant(milliseconds: at)
                ledger = probe
                ledger.set(probe.value(at: now) + Int(added), at: now)
                #expect(ledger.value(at: now) == Int(expected))
                last = now
            }
        }
    }
}
