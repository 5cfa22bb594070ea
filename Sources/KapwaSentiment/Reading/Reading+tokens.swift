extension Reading {
    /// Turns segments into tokens and clauses; pairs of quotation marks mark what stands between them.
    func tokenize() {
        clauses.append(Clause(first: 0))
        var quoteStart = -1
        var apostropheStart = -1
        var index = 0
        var spelledEnd = -1
        while index < segmenter.segments.count {
            let segment = segmenter.segments[index]
            if segment.kind == .word {
                if segment.normalCount == 1 {
                    let taken = readSpelledOut(from: index, follows: spelledEnd == index)
                    if taken > 0 {
                        index += taken
                        spelledEnd = index
                        continue
                    }
                }
                readWord(segment)
                index += 1
                continue
            }
            index += 1
            switch segment.kind {
            case .word: break
            case .mark:
                switch segment.mark {
                case UInt8(ascii: "\""): quoteStart = closeQuote(quoteStart)
                case UInt8(ascii: "'"): apostropheStart = closeQuote(apostropheStart)
                default: readMark(segment)
                }
            case .link: sums.hasLink = true
            case .mention:
                sums.mentions += 1
                add(segment, Resolver.Resolution(word: mentionWord), [.mention])
            case .number:
                let word = tables.words.find(normalForm(segment), segment.key)
                add(segment, Resolver.Resolution(word: word >= 0 ? word : numberWord), [.number])
            case .emoji, .emoticon: add(segment, resolver.resolveEmoji(segment, normalForm(segment)), [.emoji])
            }
        }
    }

    @inline(__always)
    private func normalForm(_ segment: Segment) -> UnsafeBufferPointer<UInt8> {
        segmenter.normal.bytes(Int(segment.normalStart), Int(segment.normalCount))
    }

    @inline(__always)
    private func readWord(_ segment: Segment) {
        let form = normalForm(segment)
        if segment.isTag { sums.hashtags &+= 1 }
        var flags: Token.Flags = []
        if segment.isCapitals { flags.insert(.capitals) }
        if segment.isElongated { flags.insert(.elongated) }
        // `paki-refund`: the prefix asks, whatever the verb.
        if Self.isRequest(form) { sums.hasRequest = true }
        let direct = tables.words.find(form, segment.key)
        if direct >= 0, !tables.words[direct].flags.contains(.spelling) {
            var token = self.token(segment, flags)
            token.word = direct
            token.take(tables.words[direct])
            return append(token)
        }
        resolver.resolve(form, segment.key, direct: direct)
        for index in 0..<resolver.resolutions.count { add(segment, resolver.resolutions[index], flags) }
    }

    @inline(__always)
    private static func isRequest(_ form: UnsafeBufferPointer<UInt8>) -> Bool {
        form.count >= 5 && form[0] == UInt8(ascii: "p") && form[4] == UInt8(ascii: "-") && form[1] == UInt8(ascii: "a")
            && form[2] == UInt8(ascii: "k") && form[3] == UInt8(ascii: "i")
    }

    /// Marks the tokens since the opening mark as quoted; returns where the next quotation begins, −1 when none.
    private func closeQuote(_ start: Int) -> Int {
        guard start >= 0 else { return tokens.count }
        for index in start..<tokens.count { tokens[index].flags.insert(.quoted) }
        if start < tokens.count { sums.flags.insert(.quoted) }
        return -1
    }

    private func readMark(_ segment: Segment) {
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

    private func endClause() {
        guard Int(clauses[clauses.count - 1].first) < tokens.count else { return }
        clauses.append(Clause(first: Int32(tokens.count)))
    }

    @inline(__always)
    private func countIn(_ flags: Token.Flags) {
        sums.flags.formUnion(flags)
        guard flags.isDisjoint(with: [.number, .emoji, .mention]) else { return }
        sums.words &+= 1
        if flags.contains(.capitals) { sums.capitals &+= 1 }
    }

    @inline(__always)
    private func token(_ segment: Segment, _ flags: Token.Flags) -> Token {
        var token = Token(
            byteStart: segment.byteStart, byteEnd: segment.byteEnd, scalarStart: segment.scalarStart,
            scalarEnd: segment.scalarEnd)
        token.flags = flags
        token.clause = Int32(truncatingIfNeeded: clauses.count &- 1)
        return token
    }

    func add(_ segment: Segment, _ resolution: Resolver.Resolution, _ flags: Token.Flags) {
        var token = token(segment, flags.union(resolution.flags))
        token.word = resolution.word
        if resolution.word >= 0 {
            token.take(tables.words[resolution.word])
        } else if resolution.root >= 0 {
            let root = tables.words[resolution.root]
            token.root = resolution.root
            token.roles = tables.rootRoles[resolution.root]
            token.languages = root.languages
            token.fittedRoot = root.fittedRoot
            token.feelingRoot = root.feelingRoot
            token.alertRoot = root.alertRoot
            token.steps = 1 << UInt64(root.rootBit)
            token.flags.insert(.known)
        }
        if token.flags.contains(.number) { token.roles.formUnion(.number) }
        append(token)
    }

    @inline(__always)
    private func append(_ token: Token) {
        countIn(token.flags)
        let last = tokens.count &- 1
        tokens.append(token)
        if last >= 0, token.word >= 0, tokens[last].word == token.word, token.word != numberWord {
            tokens[last &+ 1].flags.insert(.doubled)
            sums.flags.insert(.doubled)
        }
    }
}
