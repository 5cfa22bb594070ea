extension Reading {
    /// Turns segments into tokens and clauses; pairs of quotation marks mark what stands between them.
    mutating func tokenize() {
        clauses.append(Clause(first: 0))
        var quoteStart = -1
        var apostropheStart = -1
        for segment in segmenter.segments {
            switch segment.kind {
            case .mark:
                switch segment.mark {
                case UInt8(ascii: "\""): quoteStart = closeQuote(quoteStart)
                case UInt8(ascii: "'"): apostropheStart = closeQuote(apostropheStart)
                default: readMark(segment)
                }
            case .link: sums.hasLink = true
            case .mention: add(segment, Resolver.Resolution(word: lexicon.mentionWord), [.mention])
            case .number:
                let word = resolver.find(segment, in: segmenter.normal)
                let resolution = Resolver.Resolution(word: word >= 0 ? word : lexicon.numberWord)
                add(segment, resolution, [.number])
            case .emoji, .emoticon:
                add(segment, resolver.resolveEmoji(segment, in: segmenter.normal), [.emoji])
            case .word:
                if isRequest(segment) { sums.hasRequest = true }
                resolver.resolve(segment, in: segmenter.normal)
                var flags: Token.Flags = segment.isCapitals ? [.capitals] : []
                if segment.isElongated { flags.insert(.elongated) }
                for resolution in resolver.resolutions { add(segment, resolution, flags) }
            }
        }
    }

    /// `paki-refund`: the prefix asks, whatever the verb.
    private func isRequest(_ segment: Segment) -> Bool {
        let start = Int(segment.normalStart)
        let end = start + Int(segment.normalCount)
        return segmenter.normal[start..<end].starts(with: "paki-".utf8)
    }

    /// Marks the tokens since the opening mark as quoted; returns where the next quotation begins, −1 when none.
    private mutating func closeQuote(_ start: Int) -> Int {
        guard start >= 0 else { return tokens.count }
        for index in start..<tokens.count { tokens[index].flags.insert(.quoted) }
        return -1
    }

    private mutating func readMark(_ segment: Segment) {
        switch segment.mark {
        case UInt8(ascii: "?"):
            clauses[clauses.count - 1].asks = true
            sums.questions += 1
            endClause()
        case UInt8(ascii: "!"):
            clauses[clauses.count - 1].exclaims += segment.markCount
            sums.exclamations += Int(segment.markCount)
            endClause()
        case UInt8(ascii: "."):
            if segment.markCount > 1 { sums.ellipses += 1 }
            endClause()
        case UInt8(ascii: "\n"), UInt8(ascii: ";"): endClause()
        default:
            if !tokens.isEmpty { tokens[tokens.count - 1].flags.insert(.pauses) }
        }
    }

    private mutating func endClause() {
        guard let last = clauses.last, Int(last.first) < tokens.count else { return }
        clauses.append(Clause(first: Int32(tokens.count)))
    }

    private mutating func add(_ segment: Segment, _ resolution: Resolver.Resolution, _ flags: Token.Flags) {
        var token = Token(
            byteStart: segment.byteStart, byteEnd: segment.byteEnd, scalarStart: segment.scalarStart,
            scalarEnd: segment.scalarEnd)
        token.word = resolution.word
        token.flags = flags.union(resolution.flags)
        token.clause = Int32(clauses.count - 1)
        if resolution.word >= 0 {
            let info = tables.words[resolution.word]
            token.root = info.root
            token.roles = info.roles
            token.languages = info.languages
            token.feeling = info.feeling
            token.feelingRoot = info.feelingRoot
            token.alert = info.alert
            token.alertRoot = info.alertRoot
            token.flags.insert(.known)
        } else if resolution.root >= 0 {
            let info = tables.words[resolution.root]
            token.root = resolution.root
            token.roles = tables.rootRoles[resolution.root]
            token.languages = info.languages
            token.feelingRoot = info.feelingRoot
            token.alertRoot = info.alertRoot
            token.flags.insert(.known)
        }
        if token.flags.contains(.number) { token.roles.formUnion(.number) }
        if let last = tokens.last, last.word >= 0, last.word == token.word, token.word != lexicon.numberWord {
            token.flags.insert(.doubled)
        }
        tokens.append(token)
    }
}
