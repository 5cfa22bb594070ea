internal import KapwaDomain

/// Joins the rows of all files into the tables that scoring reads.
struct LexiconBuilder {
    private(set) var vocabulary = Vocabulary()
    /// The words that a word is only another spelling of.
    private(set) var spellings: [Vocabulary.ID: [Vocabulary.ID]] = [:]
    private(set) var entries: [Entry] = []
    private(set) var feelings = PhraseTrie()
    private(set) var alerts = PhraseTrie()
    private(set) var fitted = FittedLayer()
    private(set) var problems: [LexiconError.Problem] = []
    private(set) var rows = 0
    private(set) var numberWord: Vocabulary.ID = -1
    private(set) var mentionWord: Vocabulary.ID = -1

    /// The rows of each file, and its place among the overlays; −1 when it is none.
    private var tables: [(rows: [LexiconTable.Row], overlay: Int16)] = []
    /// Where each entry stands in the files, for messages about duplicates.
    private(set) var places: [(row: LexiconTable.Row, isOverlay: Bool)] = []
    private var segmenter = Segmenter()
    /// Words that an overlay made a spelling of others: rows that come with Kapwa give way to it.
    private var respelled: Set<Vocabulary.ID> = []
    /// Readings of all terms, so that no file can ask for unbounded room.
    private var readings = 0

    mutating func add(_ table: LexiconTable, overlay: Int16) {
        problems += table.problems
        tables.append((table.rows, overlay))
        rows += table.rows.count
    }

    mutating func build() {
        numberWord = word(Array("<number>".utf8))
        mentionWord = word(Array("<mention>".utf8))
        for table in tables {
            for row in table.rows where !row.means.isEmpty { addSpelling(row, isOverlay: table.overlay >= 0) }
        }
        for isOverlay in [false, true] { addEntries(isOverlay: isOverlay) }
        for table in tables {
            for row in table.rows where row.means.isEmpty && row.isFitted { addFitted(row) }
        }
        inheritRoots()
        markStarts()
        segmenter.free()
        if vocabulary.count > FittedLayer.wordsMax {
            problems.append(
                LexiconError.Problem(
                    file: "the lexicons", line: 0, what: "\(vocabulary.count) different words are too many",
                    remedy: "keep them within \(FittedLayer.wordsMax)"))
        }
        problems.sort { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    private mutating func report(_ row: LexiconTable.Row, _ what: String, _ remedy: String) {
        problems.append(LexiconError.Problem(file: row.file, line: row.line, what: what, remedy: remedy))
    }

    private mutating func word(_ bytes: [UInt8]) -> Vocabulary.ID {
        bytes.withUnsafeBufferPointer { vocabulary.add($0) }
    }

    /// The words in a piece of a term in their normal forms, as a message's words would get them.
    private mutating func words(in text: String) -> [Vocabulary.ID] {
        var text = text
        return text.withUTF8 { bytes in
            if Self.isNormal(bytes) { return [vocabulary.add(bytes)] }
            segmenter.read(bytes)
            return segmenter.segments
                .filter { $0.kind != .mark && $0.kind != .link && $0.kind != .mention }
                .map { vocabulary.add(segmenter.normal.bytes(Int($0.normalStart), Int($0.normalCount))) }
        }
    }

    /// Whether a word is its own normal form at a glance, as nearly all are: small letters, none three times in a row.
    private static func isNormal(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in word.indices {
            guard word[index] &- UInt8(ascii: "a") < 26 else { return false }
            if index > 1, word[index] == word[index - 1], word[index] == word[index - 2] { return false }
        }
        return !word.isEmpty
    }

    // MARK: Spellings

    private mutating func addSpelling(_ row: LexiconTable.Row, isOverlay: Bool) {
        let surface = words(in: row.term)
        let target = words(in: row.means)
        guard surface.count == 1 else {
            return report(row, "`\(row.term)` is not one word", "another spelling can be given for single words only")
        }
        guard (1...4).contains(target.count), target != surface else {
            return report(row, "`\(row.means)` cannot stand for `\(row.term)`", "name one to four other words")
        }
        let id = surface[0]
        guard spellings[id] == nil || (isOverlay && !respelled.contains(id)) else {
            return report(row, "`\(row.term)` has a meaning already", "keep one of the rows")
        }
        if isOverlay { respelled.insert(id) }
        spellings[id] = target
        vocabulary.words[Int(id)].flags.insert(.spelling)
    }

    /// The words that a literal is read as, spellings resolved.
    private mutating func resolved(_ literal: String) -> [Vocabulary.ID] {
        let ids = words(in: literal)
        guard ids.contains(where: { vocabulary.words[Int($0)].flags.contains(.spelling) }) else { return ids }
        return ids.flatMap { spellings[$0] ?? [$0] }
    }

    // MARK: Rated rows

    /// Adds a layer's rows, those with the fewest readings first: of two rows for the same words the more special
    /// one counts.
    private mutating func addEntries(isOverlay: Bool) {
        var later: [(row: LexiconTable.Row, overlay: Int16, pattern: TermPattern)] = []
        for table in tables where (table.overlay >= 0) == isOverlay {
            for row in table.rows where row.means.isEmpty && !row.isFitted {
                do throws(TermPattern.Fault) {
                    let pattern = try TermPattern(row.term)
                    readings += pattern.readings
                    guard readings <= Limits.lexiconReadingsMax else {
                        return report(
                            row, "more than \(Limits.lexiconReadingsMax) readings up to here",
                            "use fewer rows, or fewer alternatives in them")
                    }
                    if pattern.readings == 1 {
                        addEntry(row, pattern, overlay: table.overlay)
                    } else {
                        later.append((row, table.overlay, pattern))
                    }
                } catch {
                    report(row, error.what, error.remedy)
                }
            }
        }
        let order = later.indices.sorted { (later[$0].pattern.readings, $0) < (later[$1].pattern.readings, $1) }
        for index in order { addEntry(later[index].row, later[index].pattern, overlay: later[index].overlay) }
    }

    private mutating func addEntry(_ row: LexiconTable.Row, _ pattern: TermPattern, overlay: Int16) {
        let isOverlay = overlay >= 0
        var entry = row.entry
        entry.isSingleWord = pattern.isSingleWord
        let number = Int32(entries.count)
        var rival: Int32?
        var isReached = false
        guard let places = steps(of: pattern, in: row) else { return }
        var choice = [Int](repeating: 0, count: places.count)
        // How long the path is before each place: what stands before the first that changes is kept.
        var lengths = choice
        var path: [PhraseTrie.Step] = []
        var changed = 0
        for _ in 0..<pattern.readings {
            if changed < places.count { path.removeLast(path.count - lengths[changed]) }
            for place in changed..<places.count {
                lengths[place] = path.count
                path += places[place][choice[place]]
            }
            changed = Self.advance(&choice, places)
            switch check(path, row, isOverlay: isOverlay) {
            case .faulty: return
            // An overlay reads its words otherwise: what the row says of them counts no longer.
            case .overruled: continue
            case .sound: break
            }
            if let taken = place(path, entry, number, isOverlay: isOverlay) {
                if taken != number { rival = taken }
            } else {
                isReached = true
            }
        }
        guard isReached else {
            guard let rival, isOverlay || respelled.isEmpty else { return }
            let other = self.places[Int(rival)].row
            let place = "\(other.file):\(other.line)"
            return report(row, "`\(row.term)` is already rated as `\(other.term)` at \(place)", "keep one of the rows")
        }
        entry.overlay = overlay
        entries.append(entry)
        self.places.append((row, isOverlay))
    }

    /// Goes on to the next way to fill the places, the last one fastest; the first place that changed.
    private static func advance(_ choice: inout [Int], _ places: [[[PhraseTrie.Step]]]) -> Int {
        for place in places.indices.reversed() {
            choice[place] += 1
            if choice[place] < places[place].count { return place }
            choice[place] = 0
        }
        return 0
    }

    /// The places of a term with words as numbers; `nil` after a fault.
    private mutating func steps(of pattern: TermPattern, in row: LexiconTable.Row) -> [[[PhraseTrie.Step]]]? {
        var places: [[[PhraseTrie.Step]]] = []
        for options in pattern.places {
            var place: [[PhraseTrie.Step]] = []
            for option in options {
                var steps: [PhraseTrie.Step] = []
                for piece in option {
                    guard append(piece, of: row, to: &steps) else { return nil }
                }
                place.append(steps)
            }
            places.append(place)
        }
        return places
    }

    /// Whether the piece could be read; a fault is reported.
    private mutating func append(
        _ piece: TermPattern.Piece, of row: LexiconTable.Row, to steps: inout [PhraseTrie.Step]
    ) -> Bool {
        switch piece {
        case .any: steps.append(.any)
        case .role(let role): steps.append(.role(role.bit.trailingZeroBitCount))
        case .root(let text):
            let ids = words(in: text)
            guard ids.count == 1 else {
                report(row, "`\(text)~` is not one word", "a root is one word without spaces")
                return false
            }
            vocabulary.declareRoot(ids[0])
            vocabulary.words[Int(ids[0])].languages.formUnion(row.entry.languages)
            steps.append(.root(ids[0]))
        case .literal(let text):
            let ids = resolved(text)
            if ids.isEmpty {
                report(row, "`\(text)` in `\(row.term)` can never be read", "use letters, numbers or emoji")
                return false
            }
            for id in ids {
                if !vocabulary.words[Int(id)].flags.contains(.hasOwnRow) {
                    vocabulary.words[Int(id)].languages.formUnion(row.entry.languages)
                }
                steps.append(.word(id))
            }
        }
        return true
    }

    private enum PathState { case sound, overruled, faulty }

    /// Whether a reading may stand; a fault is reported.
    private mutating func check(_ path: [PhraseTrie.Step], _ row: LexiconTable.Row, isOverlay: Bool) -> PathState {
        guard (1...Limits.phraseWordsMax).contains(path.count) else {
            if path.count > 1 && !isOverlay && !respelled.isEmpty { return .overruled }
            report(row, "`\(row.term)` has \(path.count) words", "use 1 to \(Limits.phraseWordsMax)")
            return .faulty
        }
        if path.count == 1, case .word(let id) = path[0], let spelling = spelling(row.term) {
            if !isOverlay && respelled.contains(spelling) { return .overruled }
            let target = vocabulary.text(of: id)
            report(row, "`\(row.term)` can never be reached: it is read as `\(target)`", "rate `\(target)` instead")
            return .faulty
        }
        return .sound
    }

    /// The word that the term is, when it is only a spelling of others.
    private mutating func spelling(_ term: String) -> Vocabulary.ID? {
        let ids = words(in: term)
        guard ids.count == 1, vocabulary.words[Int(ids[0])].flags.contains(.spelling) else { return nil }
        return ids[0]
    }

    /// Puts one reading into its trie; returns the row that has it already, if any may keep it.
    private mutating func place(
        _ path: [PhraseTrie.Step], _ entry: Entry, _ number: Int32, isOverlay: Bool
    ) -> Int32? {
        let taken = entry.isAlert ? alerts.add(path, entry: number) : feelings.add(path, entry: number)
        if let taken {
            guard taken != number, isOverlay, !places[Int(taken)].isOverlay else { return taken }
            if entry.isAlert { alerts.replace(path, entry: number) } else { feelings.replace(path, entry: number) }
        }
        guard path.count == 1 else { return nil }
        switch path[0] {
        case .word(let id):
            vocabulary.words[Int(id)].roles = entry.roles
            vocabulary.words[Int(id)].languages = entry.languages
            vocabulary.words[Int(id)].flags.insert(.hasOwnRow)
        case .root(let id):
            if !vocabulary.words[Int(id)].flags.contains(.hasOwnRow) { vocabulary.words[Int(id)].roles = entry.roles }
            rootRoles[id] = entry.roles
        case .role, .any: break
        }
        return nil
    }

    private(set) var rootRoles: [Vocabulary.ID: Roles] = [:]

    // MARK: Fitted rows

    private mutating func addFitted(_ row: LexiconTable.Row) {
        let index = fitted.add(row.entry.weights)
        let isNew: Bool
        if row.term.utf8.first == UInt8(ascii: "<"), let signal = FittedLayer.Signal.slotByTerm[row.term] {
            isNew = fitted.set(signal: signal, index)
        } else if row.term.utf8.last == UInt8(ascii: "~") {
            let ids = words(in: String(row.term.dropLast()))
            guard ids.count == 1 else { return report(row, "`\(row.term)` is not one root", "fit single roots only") }
            let id = Int(ids[0])
            vocabulary.declareRoot(ids[0])
            isNew = vocabulary.words[id].fittedRoot < 0
            vocabulary.words[id].fittedRoot = index
        } else {
            var ids: [Vocabulary.ID] = []
            for piece in row.term.utf8.split(separator: UInt8(ascii: " ")) {
                let piece = String(Substring(piece))
                switch piece.utf8.first == UInt8(ascii: "<") ? piece : "" {
                case "<number>": ids.append(numberWord)
                case "<mention>": ids.append(mentionWord)
                default: ids += resolved(piece)
                }
            }
            guard (1...3).contains(ids.count) else {
                // An overlay reads one of the words as several: what was learned of it counts no longer.
                if ids.count > 3 && !respelled.isEmpty { return }
                return report(row, "`\(row.term)` has \(ids.count) words", "fit one to three words")
            }
            if ids.count == 1 {
                // What a person wrote down about the word's language stands.
                if vocabulary.words[Int(ids[0])].languages.isEmpty {
                    vocabulary.words[Int(ids[0])].languages = row.entry.languages
                }
                isNew = vocabulary.words[Int(ids[0])].fitted < 0
                vocabulary.words[Int(ids[0])].fitted = index
            } else {
                isNew = fitted.set(ids, index)
            }
        }
        if !isNew && respelled.isEmpty { report(row, "`\(row.term)` is adjusted twice", "keep one of the rows") }
    }

    // MARK: Finishing

    /// Finds the root of every word and hands its roles down to words without a row of their own.
    private mutating func inheritRoots() {
        var morphology = Morphology()
        defer { morphology.free() }
        for id in 0..<vocabulary.count {
            let found = vocabulary.bytes(of: vocabulary.words[id]).withUnsafeBufferPointer {
                morphology.root(of: $0, in: vocabulary)
            }
            guard found.root >= 0 else { continue }
            vocabulary.words[id].root = found.root
            guard !vocabulary.words[id].flags.contains(.hasOwnRow), let roles = rootRoles[found.root] else { continue }
            vocabulary.words[id].roles = roles
        }
    }

    private mutating func markStarts() {
        for id in 0..<vocabulary.count {
            let word = PhraseTrie.word(Vocabulary.ID(id))
            vocabulary.words[id].feeling = feelings.first(word)
            vocabulary.words[id].alert = alerts.first(word)
            vocabulary.words[id].wordBit = UInt8(Tables.Phrases.bit(word))
            vocabulary.words[id].rootBit = vocabulary.words[id].wordBit
            guard vocabulary.words[id].root >= 0 else { continue }
            vocabulary.words[id].rootBit = UInt8(Tables.Phrases.bit(PhraseTrie.root(vocabulary.words[id].root)))
            vocabulary.words[id].fittedRoot = vocabulary.words[Int(vocabulary.words[id].root)].fittedRoot
            let root = PhraseTrie.root(vocabulary.words[id].root)
            vocabulary.words[id].feelingRoot = feelings.first(root)
            vocabulary.words[id].alertRoot = alerts.first(root)
        }
    }
}
