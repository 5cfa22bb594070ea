/// All that scoring reads, as plain memory: safe to share between threads, hence `@unchecked`, because it is written
/// before `init` returns, never again, and freed with the last reference.
final class Tables: @unchecked Sendable {
    let entries: Table<Entry>
    /// Roles that a root hands down to its forms, by the root's number.
    let rootRoles: Table<Roles>
    let words: Words
    /// Rated words and phrases; of overlapping ones the longest counts.
    let feelings: Phrases
    /// Safety, threats, sexual remarks and what takes them back; looked for at every word.
    let alerts: Phrases
    let fitted: Fitted

    init(_ builder: LexiconBuilder) {
        entries = Table(builder.entries)
        rootRoles = Table((0..<Vocabulary.ID(builder.vocabulary.count)).map { builder.rootRoles[$0] ?? [] })
        words = Words(builder.vocabulary, builder.spellings)
        feelings = Phrases(builder.feelings)
        alerts = Phrases(builder.alerts)
        fitted = Fitted(builder.fitted)
    }

    deinit {
        entries.free()
        rootRoles.free()
        words.free()
        feelings.free()
        alerts.free()
        fitted.free()
    }

    /// A ``Vocabulary`` that no longer grows.
    struct Words: WordSource {
        private let infos: Table<WordInfo>
        private let bytes: Table<UInt8>
        private let slots: Table<UInt32>
        private let roots: Table<UInt64>
        private let spellings: [Vocabulary.ID: [Vocabulary.ID]]

        init(_ vocabulary: Vocabulary, _ spellings: [Vocabulary.ID: [Vocabulary.ID]]) {
            infos = Table(vocabulary.words)
            bytes = Table(vocabulary.bytes)
            slots = Table(vocabulary.slots)
            roots = Table(vocabulary.roots.cells)
            self.spellings = spellings
        }

        func free() {
            infos.free()
            bytes.free()
            slots.free()
            roots.free()
        }

        @inline(__always)
        subscript(id: Vocabulary.ID) -> WordInfo {
            _read { yield infos[id] }
        }

        /// The words that a word is only another spelling of.
        func spelled(_ id: Vocabulary.ID) -> [Vocabulary.ID] { spellings[id] ?? [] }

        @inline(__always)
        func find(_ word: UnsafeBufferPointer<UInt8>, _ key: WordKey) -> Vocabulary.ID {
            let mask = slots.count - 1
            var slot = Vocabulary.slot(key.hash, mask)
            while true {
                let cell = slots[slot]
                if cell == 0 { return Vocabulary.none }
                if cell & ~Vocabulary.numberBits == Vocabulary.mark(key.hash) {
                    let id = Vocabulary.ID(cell & Vocabulary.numberBits) &- 1
                    if holds(id, word, key) { return id }
                }
                slot = (slot + 1) & mask
            }
        }

        @inline(__always)
        private func holds(_ id: Vocabulary.ID, _ word: UnsafeBufferPointer<UInt8>, _ key: WordKey) -> Bool {
            guard infos[id].head == key.head, infos[id].tail == key.tail, Int(infos[id].length) == word.count else {
                return false
            }
            return word.count <= WordKey.wholeMax || bytes(of: id).elementsEqual(word)
        }

        private func bytes(of id: Vocabulary.ID) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(start: bytes.base + Int(infos[id].start), count: Int(infos[id].length))
        }

        func find(_ word: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID { find(word, WordKey(word)) }

        @inline(__always)
        func root(_ word: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID {
            let key = WordKey(word)
            let bit = RootFilter.bit(key.hash)
            guard roots[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { return Vocabulary.none }
            let id = find(word, key)
            return id >= 0 && infos[id].flags.contains(.root) ? id : Vocabulary.none
        }

        /// The word's bytes as text.
        func text(of id: Vocabulary.ID) -> String { String(decoding: bytes(of: id), as: UTF8.self) }
    }

    /// A ``PhraseTrie`` that no longer grows.
    struct Phrases {
        /// A place in the trie, and what can lead on from there.
        struct Node {
            /// Roles that lead on from here.
            var roles: UInt64 = 0
            /// One bit for each word and root that leads on, by ``bit(_:)``: nearly every other word is seen to lead
            /// nowhere without a look into the edges.
            var filter: UInt64 = 0
            /// The entry that ends here, −1 when none.
            var entry: Int32 = -1
            var takesAny = false
            var hasEdges = false
        }

        let nodes: Table<Node>
        /// Where each role leads from the start; −1 when nowhere.
        let starters: Table<Int32>
        private let edges: Table<Edge>

        private struct Edge {
            var key: UInt64 = .max
            var target: Int32 = -1
        }

        init(_ trie: PhraseTrie) {
            var nodes = trie.nodes.map {
                Node(roles: $0.roles, entry: $0.entry, takesAny: $0.takesAny, hasEdges: $0.hasEdges)
            }
            var edges = [Edge](repeating: Edge(), count: trie.slots.count)
            var starters = [Int32](repeating: -1, count: UInt64.bitWidth)
            for (slot, key) in trie.slots.enumerated() where key != .max {
                edges[slot] = Edge(key: key, target: trie.targets[slot])
                let (node, step) = (Int(key >> 32), UInt32(truncatingIfNeeded: key))
                if step & 3 < 2 { nodes[node].filter |= 1 << UInt64(Self.bit(step)) }
                if step & 3 == 2, node == 0 { starters[Int(step >> 2)] = trie.targets[slot] }
            }
            self.nodes = Table(nodes)
            self.edges = Table(edges)
            self.starters = Table(starters)
        }

        func free() {
            nodes.free()
            edges.free()
            starters.free()
        }

        /// The entry of a phrase that is one word, −1 when it is none.
        func entry(of start: PhraseStart) -> Int32 { start.node >= 0 ? nodes[start.node].entry : start.entry }

        /// The bit of a word's or root's step in ``Node/filter``.
        @inline(__always)
        static func bit(_ step: UInt32) -> UInt32 { (step &* 0x9e37_79b9) >> 26 }

        @inline(__always)
        func next(_ node: Int32, _ step: UInt32) -> Int32 {
            let wanted = PhraseTrie.key(node, step)
            let mask = edges.count - 1
            var slot = PhraseTrie.slot(wanted, mask)
            while true {
                let key = edges[slot].key
                if key == wanted { return edges[slot].target }
                if key == .max { return -1 }
                slot = (slot + 1) & mask
            }
        }
    }

    /// A ``FittedLayer`` that no longer grows.
    struct Fitted {
        /// As ``Weights``, narrower: there are many.
        private let weights: Table<SIMD8<Int16>>
        let signals: Table<Int32>
        private let groups: Table<Group>
        /// One bit for each group, by its key: nearly every two neighbours are seen to be none from here.
        private let filter: Table<UInt64>
        let hasTriples: Bool

        private struct Group {
            var key: UInt64
            var value: Int32
        }

        init(_ layer: FittedLayer) {
            weights = Table(layer.weights.map { SIMD8<Int16>(clamping: $0.lanes) })
            signals = Table(layer.signals)
            groups = Table(zip(layer.keys, layer.values).map { Group(key: $0.0, value: $0.1) })
            var filter = [UInt64](repeating: 0, count: Self.filterBits / 64)
            for key in layer.keys where key != .max {
                let bit = Self.bit(Self.mixed(key))
                filter[bit >> 6] |= 1 << UInt64(bit & 63)
            }
            self.filter = Table(filter)
            hasTriples = layer.hasTriples
        }

        func free() {
            weights.free()
            signals.free()
            groups.free()
            filter.free()
        }

        var count: Int { weights.count }

        @inline(__always)
        subscript(index: Int32) -> Weights { Weights(lanes: SIMD8<Int32>(truncatingIfNeeded: weights[index])) }

        private static let filterBits = 1 << 17

        @inline(__always)
        private static func mixed(_ key: UInt64) -> UInt64 { key &* 0x9e37_79b9_7f4a_7c15 }
        @inline(__always)
        private static func bit(_ mixed: UInt64) -> Int { Int(truncatingIfNeeded: mixed >> 40) & (filterBits - 1) }

        /// The adjustment of a pair or, with a third word, of a triple; −1 when there is none.
        @inline(__always)
        func group(_ first: Vocabulary.ID, _ second: Vocabulary.ID, _ third: Vocabulary.ID = -1) -> Int32 {
            let wanted = FittedLayer.key(first, second, third)
            let bit = Self.bit(Self.mixed(wanted))
            guard filter[bit >> 6] & 1 << UInt64(bit & 63) != 0 else { return -1 }
            let mask = groups.count - 1
            var slot = PhraseTrie.slot(wanted, mask)
            while true {
                let key = groups[slot].key
                if key == wanted { return groups[slot].value }
                if key == .max { return -1 }
                slot = (slot + 1) & mask
            }
        }
    }
}
