import DequeModule
import KapwaDomain

extension Int: Saved {
    static var blank: Int { 0 }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var wide = Int64(self)
        pass.integer(&wide)
        self = Int(wide)
    }
}

extension Int64: Saved {
    static var blank: Int64 { 0 }

    mutating func passFields(_ pass: inout SnapshotPass) { pass.integer(&self) }
}

extension UInt16: Saved {
    static var blank: UInt16 { 0 }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var word = UInt64(self)
        pass.word(&word)
        self = UInt16(truncatingIfNeeded: word)
    }
}

extension UInt32: Saved {
    static var blank: UInt32 { 0 }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var word = UInt64(self)
        pass.word(&word)
        self = UInt32(truncatingIfNeeded: word)
    }
}

extension Bool: Saved {
    static var blank: Bool { false }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var word: UInt64 = self ? 1 : 0
        pass.word(&word)
        self = word != 0
    }
}

extension String: Saved {
    static var blank: String { "" }

    mutating func passFields(_ pass: inout SnapshotPass) { pass.text(&self) }
}

extension Identifier: Saved {
    static var blank: Self { Self("") }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var name = rawValue
        pass.text(&name)
        if pass.isReading { self = Self(name) }
    }
}

extension Instant: Saved {
    static var blank: Instant { Instant(milliseconds: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) { pass.integer(&milliseconds) }
}

extension Score: Saved {
    static var blank: Score { .zero }

    mutating func passFields(_ pass: inout SnapshotPass) { milli.passFields(&pass) }
}

extension Optional: Saved where Wrapped: Saved {
    static var blank: Wrapped? { nil }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var isThere = self != nil
        isThere.passFields(&pass)
        guard isThere, !pass.isBroken else { return self = nil }
        var content: Wrapped = self ?? Wrapped.blank
        content.passFields(&pass)
        if pass.isReading { self = content }
    }
}

extension Array: Saved where Element: Saved {
    static var blank: [Element] { [] }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var count = self.count
        pass.count(&count)
        guard pass.isReading else {
            for var element in self { element.passFields(&pass) }
            return
        }
        removeAll()
        // A broken count must not take memory that no bytes stand for.
        reserveCapacity(Swift.min(count, 65_536))
        for _ in 0..<count {
            var element = Element.blank
            element.passFields(&pass)
            guard !pass.isBroken else { return }
            append(element)
        }
    }
}

extension Deque: Saved where Element: Saved {
    static var blank: Deque<Element> { [] }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var elements = Array(self)
        elements.passFields(&pass)
        if pass.isReading { self = Deque(elements) }
    }
}

extension Blocks: Saved where Element: Saved {
    static var blank: Self { Self() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var count = self.count
        pass.count(&count)
        if pass.isReading {
            self = Self()
            for _ in 0..<count {
                var element = Element.blank
                element.passFields(&pass)
                guard !pass.isBroken else { return }
                append(element)
            }
        } else {
            for var element in self { element.passFields(&pass) }
        }
    }
}

extension SnapshotPass {
    /// Goes through a table by its keys in order: a table has none of its own.
    mutating func table<Key: Saved & Hashable, Value: Saved>(
        _ table: inout [Key: Value], by precedes: (Key, Key) -> Bool
    ) {
        if counts(1) { return }
        var count = table.count
        self.count(&count)
        guard isReading else {
            for var (key, value) in table.sorted(by: { precedes($0.key, $1.key) }) {
                key.passFields(&self)
                value.passFields(&self)
            }
            return
        }
        table = Dictionary(minimumCapacity: Swift.min(count, 65_536))
        for _ in 0..<count {
            var key = Key.blank
            var value = Value.blank
            key.passFields(&self)
            value.passFields(&self)
            guard !isBroken else { return }
            table[key] = value
        }
    }

    mutating func table<Key: Saved & Hashable & Comparable, Value: Saved>(_ table: inout [Key: Value]) {
        self.table(&table, by: <)
    }
}
