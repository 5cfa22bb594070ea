extension RankedList: Saved {
    static var blank: RankedList { RankedList() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        if pass.counts(1) { return }
        var count = self.count
        pass.count(&count)
        if pass.isReading {
            self = RankedList()
            var last: Key?
            for _ in 0..<count {
                var entry = Entry(key: .blank, slot: 0)
                entry.passFields(&pass)
                guard !pass.isBroken, last.map({ $0 < entry.key }) ?? true else { return pass.fail() }
                last = entry.key
                insert(entry.key, slot: entry.slot)
            }
        } else {
            for var entry in listed { entry.passFields(&pass) }
        }
    }

    /// In order.
    var listed: [Entry] {
        var listed: [Entry] = []
        listed.reserveCapacity(count)
        forEach { entry in
            listed.append(entry)
            return true
        }
        return listed
    }
}

extension RankedList.Entry: Saved {
    static var blank: Self { Self(key: .blank, slot: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&key)
        pass.field(&slot)
    }
}
