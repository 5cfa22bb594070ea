import KapwaDomain

extension Skills.Entry: Saved {
    static var blank: Self { Self(skill: "", level: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&skill)
        pass.field(&level)
    }
}

extension Skills: Saved {
    static var blank: Skills { .none }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var entries = self.entries
        pass.field(&entries)
        if pass.isReading { self = entries.isEmpty ? .none : Skills(ascending: entries) }
    }
}

extension Attributes.Value: Saved {
    static var blank: Self { .boolean(false) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var kind: UInt16 =
            switch self {
            case .text: 0
            case .integer: 1
            case .boolean: 2
            }
        kind.passFields(&pass)
        switch kind {
        case 0:
            var value = if case .text(let text) = self { text } else { "" }
            value.passFields(&pass)
            self = .text(value)
        case 1:
            var value = if case .integer(let number) = self { number } else { Int64(0) }
            value.passFields(&pass)
            self = .integer(value)
        case 2:
            var value = if case .boolean(let flag) = self { flag } else { false }
            value.passFields(&pass)
            self = .boolean(value)
        default: pass.fail()
        }
    }
}

extension Attributes.Entry: Saved {
    static var blank: Self { Self(name: "", value: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&name)
        pass.field(&value)
    }
}

extension Attributes: Saved {
    static var blank: Attributes { .none }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var entries = self.entries
        pass.field(&entries)
        if pass.isReading { self = entries.isEmpty ? .none : Attributes(entries) }
    }
}

extension Tags: Saved {
    static var blank: Tags { Tags() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&frustration)
        pass.field(&urgency)
        pass.field(&family)
        pass.field(&distress)
        pass.field(&relief)
        pass.field(&abuse)
        pass.field(&threat)
    }
}

extension Mood: Saved {
    static var blank: Mood { Mood() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&tags)
        pass.field(&trend)
        var kept = self.kept
        pass.field(&kept.messages)
        pass.field(&kept.peak)
        pass.field(&kept.surePeak)
        pass.field(&kept.start)
        if pass.isReading { self.kept = kept }
    }
}

extension Placement: Saved {
    static var blank: Placement { Placement() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&queue)
        pass.field(&step)
        pass.field(&stepEnds)
        pass.field(&needs)
        pass.field(&rank)
        pass.field(&points)
        pass.field(&targetMilliseconds)
        pass.field(&position)
        pass.field(&expectedWaitMilliseconds)
        pass.field(&units)
        pass.field(&safety)
    }
}
