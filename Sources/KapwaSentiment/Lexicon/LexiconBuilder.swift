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
        problems.sort { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    private mutating func report(_ row: LexiconTable.Row, _ what: String, _ remedy: String) {
        problems.append(LexiconError.Problem(file: row.file, line: row.line, what: what, remedy: remedy))
    }

    private mutating func word(_ bytes: [UInt8]) -> Vocabulary.ID {
        bytes.withUnsafeBufferPointer { vocabulary.add($0) }
    }

    /// The normal forms in a piece of a term, as a message's words would get them.
    private mutating func normalForms(_ text: String) -> [[UInt8]] {
        Array(text.utf8).withUnsafeBufferPointer { segmenter.read($0) }
        return segmenter.segments
            .filter { $0.kind != .mark && $0.kind != .link && $0.kind != .mention }
            .map { Array(segmenter.normal[Int($0.normalStart)..<Int($0.normalStart + $0.normalCount)]) }
    }

    // MARK: Spellings

    private mutating func addSpelling(_ row: LexiconTable.Row, isOverlay: Bool) {
        let surface = normalForms(row.term)
        let target = normalForms(row.means)
        guard surface.count == 1 else {
            return report(row, "`\(row.term)` is not one word", "another spelling can be given for single words only")
        }
        guard (1...4).contains(target.count), target != surface else {
            return report(row, "`\(row.means)` cannot stand for `\(row.term)`", "name one to four other words")
        }
        let id = word(surface[0])
        guard spellings[id] == nil || (isOverlay && !respelled.contains(id)) else {
            return report(row, "`\(row.term)` has a meaning already", "keep one of the rows")
        }
        if isOverlay { respelled.insert(id) }
        spellings[id] = target.map { word($0) }
        vocabulary.words[Int(id)].flags.insert(.spelling)
    }

    /// The words that a literal is read as, spellings resolved.
    private mutating func resolved(_ literal: String) -> [Vocabulary.ID] {
        normalForms(literal).flatMap { form in
            let id = word(form)
            return spellings[id] ?? [id]
        }
    }

    // MARK: Rated rows

    /// Adds a layer's rows, those with the fewest readings first: of two rows for the same words the more special
    /// one counts.
    private mutating func addEntries(isOverlay: Bool) {
        var expanded: [(row: LexiconTable.Row, overlay: Int16, readings: [[TermPattern.Piece]])] = []
        for table in tables where (table.overlay >= 0) == isOverlay {
            for row in table.rows where row.means.isEmpty && !row.isFitted {
                do throws(TermPattern.Fault) {
                    let found = try TermPattern.expand(row.term)
                    readings += found.count
                    guard readings <= Limits.lexiconReadingsMax else {
                        return report(
                            row, "more than \(Limits.lexiconReadingsMax) readings up to here",
                            "use fewer rows, or fewer alternatives in them")
                    }
                    expanded.append((row, table.overlay, found))
                } catch {
                    report(row, error.what, error.remedy)
                }
            }
        }
        for (row, overlay, readings) in expanded.enumerated().sorted(by: {
            ($0.element.readings.count, $0.offset) < ($1.element.readings.count, $1.offset)
        }).map(\.element) {
            addEntry(row, readings, overlay: overlay)
        }
    }

    private mutating func addEntry(_ row: LexiconTable.Row, _ readings: [[TermPattern.Piece]], overlay: Int16) {
        let isOverlay = overlay >= 0
        var entry = row.entry
        entry.isSingleWord = readings.allSatisfy { $0.count == 1 }
        let number = Int32(entries.count)
        var rival: Int32?
        var isReached = false
        for reading in readings {
            guard let path = path(of: reading, in: row, isOverlay: isOverlay) else { return }
            // An overlay reads its words otherwise: what the row says of them counts no longer.
            if path.isEmpty { continue }
            if let taken = place(path, entry, number, isOverlay: isOverlay) {
                if taken != number { rival = taken }
            } else {
                isReached = true
            }
        }
        guard isReached else {
            guard let rival, isOverlay || respelled.isEmpty else { return }
            let other = places[Int(rival)].row
            let place = "\(other.file):\(other.line)"
            return report(row, "`\(row.term)` is already rated as `\(other.term)` at \(place)", "keep one of the rows")
        }
        entry.overlay = overlay
        entries.append(entry)
        places.append((row, isOverlay))
    }

    /// The steps of a reading; none when an overlay took its word away, `nil` after a fault.
    private mutating func path(
        of reading: [TermPattern.Piece], in row: LexiconTable.Row, isOverlay: Bool
    ) -> [PhraseTrie.Step]? {
        var path: [PhraseTrie.Step] = []
        for piece in reading {
            switch piece {
            case .any: path.append(.any)
            case .role(let role): path.append(.role(role.bit.trailingZeroBitCount))
            case .root(let text):
                let forms = normalForms(text)
                guard forms.count == 1 else {
                    report(row, "`\(text)~` is not one word", "a root is one word without spaces")
                    return nil
                }
                let id = word(forms[0])
                vocabulary.declareRoot(id)
                vocabulary.words[Int(id)].languages.formUnion(row.entry.languages)
                path.append(.root(id))
            case .literal(let text):
                let ids = resolved(text)
                if ids.isEmpty {
                    report(row, "`\(text)` in `\(row.term)` can never be read", "use letters, numbers or emoji")
                    return nil
                }
                for id in ids {
                    if !vocabulary.words[Int(id)].flags.contains(.hasOwnRow) { vocabulary.words[Int(id)].languages.formUnion(row.entry.languages) }
                    path.append(.word(id))
                }
            }
        }
        guard (1...Limits.phraseWordsMax).contains(path.count) else {
            if path.count > 1 && !isOverlay && !respelled.isEmpty { return [] }
            report(row, "`\(row.term)` has \(path.count) words", "use 1 to \(Limits.phraseWordsMax)")
            return nil
        }
        if path.count == 1, case .word(let id) = path[0], let spelling = spelling(row.term) {
            if !isOverlay && respelled.contains(spelling) { return [] }
            let target = vocabulary.text(of: id)
            report(row, "`\(row.term)` can never be reached: it is read as `\(target)`", "rate `\(target)` instead")
            return nil
        }
        return path
    }

    /// The word that the term is, when it is only a spelling of others.
    private mutating func spelling(_ term: String) -> Vocabulary.ID? {
        let forms = normalForms(term)
        guard forms.count == 1 else { return nil }
        let id = vocabulary.find(forms[0])
        return id >= 0 && spellings[id] != nil ? id : nil
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
        if let signal = FittedLayer.Signal.byTerm[row.term] {
            isNew = fitted.set(signal, index)
        } else if row.term.last == "~" {
            let forms = normalForms(String(row.term.dropLast()))
            guard forms.count == 1 else { return report(row, "`\(row.term)` is not one root", "fit single roots only") }
            let id = Int(word(forms[0]))
            vocabulary.declareRoot(Vocabulary.ID(id))
            isNew = vocabulary.words[id].fittedRoot < 0
            vocabulary.words[id].fittedRoot = index
        } else {
            var ids: [Vocabulary.ID] = []
            for piece in row.term.split(separator: " ") {
                switch piece {
                case "<number>": ids.append(numberWord)
                case "<mention>": ids.append(mentionWord)
                default: ids += resolved(String(piece))
                }
            }
            guard (1...3).contains(ids.count) else {
                // An overlay reads one of the words as several: what was learned of it counts no longer.
                if ids.count > 3 && !respelled.isEmpty { return }
                return report(row, "`\(row.term)` has \(ids.count) words", "fit one to three words")
            }
            if ids.count == 1 {
                // What a person wrote down about the word's language stands.
                if vocabulary.words[Int(ids[0])].languages.isEmpty { vocabulary.words[Int(ids[0])].languages = row.entry.languages }
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
        for id in 0..<vocabulary.count {
            let text = Array(vocabulary.text(of: Vocabulary.ID(id)).utf8)
            let found = text.withUnsafeBufferPointer { morphology.root(of: $0, in: vocabulary) }
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
            guard vocabulary.words[id].root >= 0 else { continue }
            vocabulary.words[id].fittedRoot = vocabulary.words[Int(vocabulary.words[id].root)].fittedRoot
            let root = PhraseTrie.root(vocabulary.words[id].root)
            vocabulary.words[id].feelingRoot = feelings.first(root)
            vocabulary.words[id].alertRoot = alerts.first(root)
        }
    }
}
