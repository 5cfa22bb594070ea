internal import KapwaDomain

/// Joins the rows of all files into the tables that scoring reads.
struct LexiconBuilder {
    private(set) var vocabulary = Vocabulary()
    private(set) var words: [WordInfo] = []
    private(set) var aliasTargets: [Vocabulary.ID] = []
    private(set) var entries: [Entry] = []
    private(set) var feelings = PhraseTrie()
    private(set) var alerts = PhraseTrie()
    private(set) var fitted = FittedLayer()
    private(set) var problems: [LexiconError.Problem] = []
    private(set) var rows = 0
    private(set) var numberWord: Vocabulary.ID = -1
    private(set) var mentionWord: Vocabulary.ID = -1

    private var tables: [(rows: [LexiconTable.Row], isOverlay: Bool)] = []
    /// Where each entry stands in the files, for messages about duplicates.
    private(set) var places: [(row: LexiconTable.Row, isOverlay: Bool)] = []
    private var segmenter = Segmenter()

    mutating func add(_ table: LexiconTable, isOverlay: Bool) {
        problems += table.problems
        tables.append((table.rows, isOverlay))
        rows += table.rows.count
    }

    mutating func build() {
        numberWord = word(Array("<number>".utf8))
        mentionWord = word(Array("<mention>".utf8))
        for table in tables {
            for row in table.rows where !row.means.isEmpty { addAlias(row, isOverlay: table.isOverlay) }
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
        let id = vocabulary.add(bytes)
        while words.count < vocabulary.count { words.append(WordInfo()) }
        return id
    }

    /// The normal forms in a piece of a term, as a message's words would get them.
    private mutating func normalForms(_ text: String) -> [[UInt8]] {
        Array(text.utf8).withUnsafeBufferPointer { segmenter.read($0) }
        return segmenter.segments
            .filter { $0.kind != .mark && $0.kind != .link && $0.kind != .mention }
            .map { Array(segmenter.normal[Int($0.normalStart)..<Int($0.normalStart + $0.normalCount)]) }
    }

    // MARK: Spellings

    private mutating func addAlias(_ row: LexiconTable.Row, isOverlay: Bool) {
        let surface = normalForms(row.term)
        let target = normalForms(row.means)
        guard surface.count == 1 else {
            return report(row, "`\(row.term)` is not one word", "another spelling can be given for single words only")
        }
        guard (1...4).contains(target.count), target != surface else {
            return report(row, "`\(row.means)` cannot stand for `\(row.term)`", "name one to four other words")
        }
        let id = word(surface[0])
        if words[Int(id)].aliasCount > 0 && !isOverlay {
            return report(row, "`\(row.term)` has a meaning already", "keep one of the rows")
        }
        let start = Int32(aliasTargets.count)
        for part in target {
            aliasTargets.append(word(part))
        }
        words[Int(id)].aliasStart = start
        words[Int(id)].aliasCount = Int32(target.count)
    }

    /// The words that a literal is read as, spellings resolved.
    private mutating func resolved(_ literal: String) -> [Vocabulary.ID] {
        normalForms(literal).flatMap { form in
            let id = word(form)
            let info = words[Int(id)]
            guard info.aliasCount > 0 else { return [id] }
            return Array(aliasTargets[Int(info.aliasStart)..<Int(info.aliasStart + info.aliasCount)])
        }
    }

    // MARK: Rated rows

    /// Adds a layer's rows, those with the fewest readings first: of two rows for the same words the more special
    /// one counts.
    private mutating func addEntries(isOverlay: Bool) {
        var expanded: [(row: LexiconTable.Row, readings: [[TermPattern.Piece]])] = []
        for table in tables where table.isOverlay == isOverlay {
            for row in table.rows where row.means.isEmpty && !row.isFitted {
                do throws(TermPattern.Fault) {
                    expanded.append((row, try TermPattern.expand(row.term)))
                } catch {
                    report(row, error.what, error.remedy)
                }
            }
        }
        for (row, readings) in expanded.enumerated().sorted(by: {
            ($0.element.readings.count, $0.offset) < ($1.element.readings.count, $1.offset)
        }).map(\.element) {
            addEntry(row, readings, isOverlay: isOverlay)
        }
    }

    private mutating func addEntry(_ row: LexiconTable.Row, _ readings: [[TermPattern.Piece]], isOverlay: Bool) {
        var entry = row.entry
        entry.isSingleWord = readings.allSatisfy { $0.count == 1 }
        let number = Int32(entries.count)
        var rival: Int32?
        var isReached = false
        for reading in readings {
            guard let path = path(of: reading, in: row) else { return }
            if let taken = place(path, entry, number, isOverlay: isOverlay) {
                if taken != number { rival = taken }
            } else {
                isReached = true
            }
        }
        guard isReached else {
            let other = places[Int(rival ?? 0)].row
            let place = "\(other.file):\(other.line)"
            return report(row, "`\(row.term)` is already rated as `\(other.term)` at \(place)", "keep one of the rows")
        }
        entry.isOverlay = isOverlay
        entries.append(entry)
        places.append((row, isOverlay))
    }

    private mutating func path(of reading: [TermPattern.Piece], in row: LexiconTable.Row) -> [PhraseTrie.Step]? {
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
                words[Int(id)].languages.formUnion(row.entry.languages)
                path.append(.root(id))
            case .literal(let text):
                let ids = resolved(text)
                if ids.isEmpty {
                    report(row, "`\(text)` in `\(row.term)` can never be read", "use letters, numbers or emoji")
                    return nil
                }
                for id in ids {
                    if !words[Int(id)].hasOwnRow { words[Int(id)].languages.formUnion(row.entry.languages) }
                    path.append(.word(id))
                }
            }
        }
        guard (1...Limits.phraseWordsMax).contains(path.count) else {
            report(row, "`\(row.term)` has \(path.count) words", "use 1 to \(Limits.phraseWordsMax)")
            return nil
        }
        if path.count == 1, case .word(let id) = path[0], isAlias(row.term) {
            let target = vocabulary.text(of: id)
            report(row, "`\(row.term)` can never be reached: it is read as `\(target)`", "rate `\(target)` instead")
            return nil
        }
        return path
    }

    private mutating func isAlias(_ term: String) -> Bool {
        let forms = normalForms(term)
        guard forms.count == 1 else { return false }
        let id = vocabulary.find(forms[0])
        return id >= 0 && words[Int(id)].aliasCount > 0
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
            words[Int(id)].roles = entry.roles
            words[Int(id)].languages = entry.languages
            words[Int(id)].hasOwnRow = true
        case .root(let id):
            if !words[Int(id)].hasOwnRow { words[Int(id)].roles = entry.roles }
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
            isNew = words[id].fittedRoot < 0
            words[id].fittedRoot = index
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
                return report(row, "`\(row.term)` has \(ids.count) words", "fit one to three words")
            }
            if ids.count == 1 {
                // What a person wrote down about the word's language stands.
                if words[Int(ids[0])].languages.isEmpty { words[Int(ids[0])].languages = row.entry.languages }
                isNew = words[Int(ids[0])].fitted < 0
                words[Int(ids[0])].fitted = index
            } else {
                isNew = fitted.set(ids, index)
            }
        }
        if !isNew { report(row, "`\(row.term)` is adjusted twice", "keep one of the rows") }
    }

    // MARK: Finishing

    /// Finds the root of every word and hands its roles down to words without a row of their own.
    private mutating func inheritRoots() {
        var morphology = Morphology()
        for id in 0..<words.count {
            let text = Array(vocabulary.text(of: Vocabulary.ID(id)).utf8)
            let found = text.withUnsafeBufferPointer { morphology.root(of: $0, in: vocabulary) }
            guard found.root >= 0 else { continue }
            words[id].root = found.root
            guard !words[id].hasOwnRow, let roles = rootRoles[found.root] else { continue }
            words[id].roles = roles
        }
    }

    private mutating func markStarts() {
        for id in 0..<words.count {
            let word = PhraseTrie.word(Vocabulary.ID(id))
            words[id].feeling = feelings.first(word)
            words[id].alert = alerts.first(word)
            guard words[id].root >= 0 else { continue }
            let root = PhraseTrie.root(words[id].root)
            words[id].feelingRoot = feelings.first(root)
            words[id].alertRoot = alerts.first(root)
        }
    }
}
