/// All that scoring reads, as plain memory. Made and freed by ``Lexicon``.
struct Tables {
    let words: Table<WordInfo>
    let entries: Table<Entry>
    let aliasTargets: Table<Vocabulary.ID>
    /// Roles that a root hands down to its forms, by the root's number.
    let rootRoles: Table<Roles>
    let vocabulary: Words
    /// Rated words and phrases; of overlapping ones the longest counts.
    let feelings: Phrases
    /// Safety, threats, sexual remarks and what takes them back; looked for at every word.
    let alerts: Phrases
    let fitted: Fitted

    init(_ builder: LexiconBuilder) {
        words = Table(builder.words)
        entries = Table(builder.entries)
        aliasTargets = Table(builder.aliasTargets)
        rootRoles = Table((0..<Vocabulary.ID(builder.words.count)).map { builder.rootRoles[$0] ?? [] })
        vocabulary = Words(builder.vocabulary)
        feelings = Phrases(builder.feelings)
        alerts = Phrases(builder.alerts)
        fitted = Fitted(builder.fitted)
    }

    func free() {
        words.free()
        entries.free()
        aliasTargets.free()
        rootRoles.free()
        vocabulary.free()
        feelings.free()
        alerts.free()
        fitted.free()
    }

    /// A ``Vocabulary`` that no longer grows.
    struct Words: WordSource {
        private let bytes: Table<UInt8>
        private let starts: Table<Int32>
        private let hashes: Table<UInt64>
        private let slots: Table<Vocabulary.ID>
        fileprivate let isRoot: Table<Bool>

        init(_ vocabulary: Vocabulary) {
            bytes = Table(vocabulary.bytes)
            starts = Table(vocabulary.starts)
            hashes = Table(vocabulary.hashes)
            slots = Table(vocabulary.slots)
            isRoot = Table(vocabulary.isRoot)
        }

        func free() {
            bytes.free()
            starts.free()
            hashes.free()
            slots.free()
            isRoot.free()
        }

        @inline(__always)
        func find(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Vocabulary.ID {
            let mask = slots.count - 1
            var slot = Vocabulary.slot(hash, mask)
            while true {
                let id = slots[slot]
                if id < 0 { return Vocabulary.none }
                if hashes[id] == hash {
                    let start = Int(starts[id])
                    if Int(starts[id + 1]) - start == word.count, bytes.holds(word, at: start) { return id }
                }
                slot = (slot + 1) & mask
            }
        }

        func find(_ word: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID { find(word, hash: Vocabulary.hash(word)) }

        func root(_ word: UnsafeBufferPointer<UInt8>) -> Vocabulary.ID {
            let id = find(word)
            return id >= 0 && isRoot[id] ? id : Vocabulary.none
        }
    }

    /// A ``PhraseTrie`` that no longer grows.
    struct Phrases {
        let nodes: Table<PhraseTrie.Node>
        private let slots: Table<UInt64>
        private let targets: Table<Int32>

        init(_ trie: PhraseTrie) {
            nodes = Table(trie.nodes)
            slots = Table(trie.slots)
            targets = Table(trie.targets)
        }

        func free() {
            nodes.free()
            slots.free()
            targets.free()
        }

        @inline(__always)
        func next(_ node: Int32, _ step: UInt32) -> Int32 {
            let wanted = PhraseTrie.key(node, step)
            let mask = slots.count - 1
            var slot = PhraseTrie.slot(wanted, mask)
            while true {
                let key = slots[slot]
                if key == wanted { return targets[slot] }
                if key == .max { return -1 }
                slot = (slot + 1) & mask
            }
        }
    }

    /// A ``FittedLayer`` that no longer grows.
    struct Fitted {
        let weights: Table<Weights>
        let signals: Table<Int32>
        private let keys: Table<UInt64>
        private let values: Table<Int32>
        let hasTriples: Bool

        init(_ layer: FittedLayer) {
            weights = Table(layer.weights)
            signals = Table(layer.signals)
            keys = Table(layer.keys)
            values = Table(layer.values)
            hasTriples = layer.hasTriples
        }

        func free() {
            weights.free()
            signals.free()
            keys.free()
            values.free()
        }

        /// The adjustment of a pair or, with a third word, of a triple; −1 when there is none.
        @inline(__always)
        func group(_ first: Vocabulary.ID, _ second: Vocabulary.ID, _ third: Vocabulary.ID = -1) -> Int32 {
            let wanted = FittedLayer.key(first, second, third)
            let mask = keys.count - 1
            var slot = PhraseTrie.slot(wanted, mask)
            while true {
                let key = keys[slot]
                if key == wanted { return values[slot] }
                if key == .max { return -1 }
                slot = (slot + 1) & mask
            }
        }
    }
}
