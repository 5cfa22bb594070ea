import Foundation
public import KapwaDomain

/// A break policy that somebody read out of a law or an agreement, with where it comes from.
public struct BreakPreset: Sendable, Hashable {
    public var name: String
    public var title: String
    /// Not every number of it is sure; whoever names it is told so.
    public var isDraft = false
    /// Why it is a draft.
    public var caution = ""
    /// The day on which somebody compared it with its sources.
    public var asOf = ""
    public var sources: [String] = []
    /// Who did not issue it, and what it is not.
    public var notice = ""
    public var policy: BreakPolicy
    /// Worked shifts that it must give.
    public var vectors: [Vector] = []
    /// The file that it was read from; empty for the one that is built in.
    public var text = ""

    /// A shift, what it plans, and what the gravest contacts bring.
    public struct Vector: Sendable, Hashable {
        public var name: String
        public var from: Instant
        public var to: Instant
        public var mealAt: Instant?
        /// As ``BreakPreset/words(for:since:)`` writes them.
        public var planned: [String]
        public var paidMinutes: Int
        public var unpaidMinutes: Int
        /// What comes after a contact, as ``BreakPolicy/Aftercare`` writes itself.
        public var after: [After]

        public struct After: Sendable, Hashable {
            public var contact: GraveContact
            public var words: String
        }
    }

    /// The default, which needs no file; the file of its name says the same.
    public static let standard: BreakPreset = {
        BreakPreset(name: "ph-labor-code", title: "Labor Code of the Philippines", policy: BreakPolicy())
    }()

    /// Everything in which the policy differs from its worked shifts; empty when it holds.
    public func differences() -> [String] {
        vectors.flatMap { vector in
            let plan = policy.plan(from: vector.from, to: vector.to, mealAt: vector.mealAt)
            let planned = plan.map { Self.words(for: $0, since: vector.from) }
            let paid = plan.reduce(0) { $0 + ($1.paid ? $1.minutes : 0) }
            let unpaid = plan.reduce(0) { $0 + ($1.paid ? 0 : $1.minutes) }
            var wrong: [String] = []
            if planned != vector.planned { wrong.append("planned \(planned), not \(vector.planned)") }
            if paid != vector.paidMinutes { wrong.append("\(paid) paid minutes, not \(vector.paidMinutes)") }
            if unpaid != vector.unpaidMinutes { wrong.append("\(unpaid) unpaid minutes, not \(vector.unpaidMinutes)") }
            for after in vector.after where policy.aftercare(after.contact).description != after.words {
                wrong.append("after \(after.contact.rawValue) \(policy.aftercare(after.contact)), not \(after.words)")
            }
            return wrong.map { "\(name), \(vector.name): \($0)" }
        }
    }

    /// `meal 11:00-13:00 60m unpaid`, in the clock of the shift.
    ///
    /// - Parameter start: The start of the shift, which lies on the first day.
    public static func words(for planned: PlannedBreak, since start: Instant) -> String {
        func clock(_ instant: Instant) -> String {
            let minute = Int(instant.milliseconds / .minutes(1)) % 1_440
            let (hour, rest) = (minute / 60, minute % 60)
            return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
        }
        return "\(planned.kind.rawValue) \(clock(planned.earliest))-\(clock(planned.startBy)) \(planned.minutes)m "
            + (planned.paid ? "paid" : "unpaid")
    }
}

/// A contact after which rest does not wait for the ledger.
public enum GraveContact: String, CaseIterable, Sendable {
    case insult
    case insultsInThreeMessages = "insults_in_three_messages"
    case slur, sexual, threat, safety
}

extension BreakPolicy {
    /// What a grave contact brings: owed at once, or offered.
    public struct Aftercare: Sendable, Hashable, CustomStringConvertible {
        public var minutes: Int
        public var atOnce: Bool

        public var description: String { "\(minutes)m \(atOnce ? "at once" : "offered")" }
    }

    public func aftercare(_ contact: GraveContact) -> Aftercare {
        switch contact {
        case .threat, .safety: Aftercare(minutes: graveMinutes, atOnce: true)
        case .slur, .sexual, .insultsInThreeMessages: Aftercare(minutes: minutes, atOnce: true)
        case .insult:
            immediateAfterAnyAbuse
                ? Aftercare(minutes: minutes, atOnce: true) : Aftercare(minutes: insultMinutes, atOnce: false)
        }
    }
}

/// The presets that are at hand.
public struct BreakPresets: Sendable {
    private var presets: [BreakPreset] = [.standard]

    /// The one that is built in.
    public static let none = BreakPresets()

    public init() {}

    /// In the order of their names.
    public var names: [String] { presets.map(\.name) }
    public var all: [BreakPreset] { presets }

    public subscript(_ name: String) -> BreakPreset? { presets.first { $0.name == name } }

    /// Adds a preset, instead of one of its name.
    public mutating func add(_ preset: BreakPreset) {
        presets.removeAll { $0.name == preset.name }
        presets.append(preset)
        presets.sort { $0.name < $1.name }
    }

    /// Every `NAME.yaml` of a directory; a directory that is not there has none.
    ///
    /// - Throws: ``RuleErrors`` with all that is wrong in the first file that cannot be read.
    public static func load(directory: String) throws(RuleErrors) -> BreakPresets {
        var presets = BreakPresets()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names.filter({ $0.hasSuffix(".yaml") }).sorted().prefix(Limits.presetsMax) {
            let path = "\(directory)/\(name)"
            let bytes = FileManager.default.contents(atPath: path).map(Array.init) ?? []
            let preset = try BreakPreset.read(bytes: bytes, name: path)
            guard name == "\(preset.name).yaml" else {
                let findings = Findings(file: path)
                findings.add(
                    at: .start, path: "preset", "the preset \(preset.name) lies in a file of another name",
                    fix: "call the file \(preset.name).yaml")
                throw RuleErrors(errors: findings.errors, more: 0)
            }
            presets.add(preset)
        }
        return presets
    }
}
