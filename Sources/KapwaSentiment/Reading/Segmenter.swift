/// Cuts UTF-8 into words, numbers, emoji and marks and writes down their normal forms, in one pass.
///
/// The buffers are kept from message to message. Bytes that are no UTF-8 count as one replacement character
/// for each maximal broken part, as `String(decoding:as:)` counts them, so that spans agree with the text shown.
struct Segmenter {
    private(set) var segments = Buffer<Segment>(capacity: 256)
    /// Normal forms of all segments, one behind the other. None is longer than the text that it came from.
    private(set) var normal = Buffer<UInt8>(capacity: 2_048)
    /// Characters seen: the work done, linear in the text whatever it holds.
    private(set) var steps = 0

    /// Letters of one kind kept in a row: enough to see that a word was drawn out.
    private static let runMax = 3

    var position = 0
    var scalar = 0

    func free() {
        segments.free()
        normal.free()
    }

    mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        segments.removeAll()
        normal.removeAll()
        // A plain word is written sixteen bytes at once.
        normal.reserve(text.count + 16)
        position = 0
        scalar = 0
        steps = 0
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: " ") {
                skip(1)
                continue
            }
            if Self.isPlainLetter(byte) {
                if !readPlainWord(text) { readWord(text) }
                continue
            }
            let (value, length) = Self.decode(text, position)
            switch ScalarClass(value) {
            case .space, .extender, .joiner: skip(length)
            case .letter, .folded: readWord(text)
            case .digit: readWord(text)
            case .emoji, .regional: readEmoji(text)
            case .mark, .apostrophe, .hyphen, .other: readSymbol(text, value, length)
            }
        }
        precondition(normal.count <= text.count, "a normal form is longer than its text")
    }

    @inline(__always)
    mutating func skip(_ length: Int) {
        position &+= length
        scalar &+= 1
        steps &+= 1
    }

    func begin(_ kind: Segment.Kind) -> Segment {
        Segment(
            kind: kind, byteStart: Int32(truncatingIfNeeded: position), byteEnd: 0,
            scalarStart: Int32(truncatingIfNeeded: scalar), scalarEnd: 0,
            normalStart: Int32(truncatingIfNeeded: normal.count))
    }

    mutating func finish(_ segment: Segment) {
        var done = segment
        done.byteEnd = Int32(truncatingIfNeeded: position)
        done.scalarEnd = Int32(truncatingIfNeeded: scalar)
        done.normalCount = Int32(truncatingIfNeeded: normal.count) &- done.normalStart
        if done.normalCount > 0 {
            done.key = WordKey(normal.bytes(Int(done.normalStart), Int(done.normalCount)))
        }
        segments.append(done)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) { normal.appendWithinCapacity(byte) }

    mutating func markTag(at index: Int) { segments[index].isTag = true }

    // MARK: Words

    /// Nearly all of every text: up to fifteen ASCII letters before a space or a plain mark, none three times in a
    /// row. Read and lowered eight bytes at once.
    ///
    /// - Returns: `false` when the word is any other; nothing was read then.
    @inline(__always)
    private mutating func readPlainWord(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = text.baseAddress, position &+ 16 <= text.count else { return false }
        let bytes = UnsafeRawPointer(base) + position
        let first = bytes.loadUnaligned(as: UInt64.self)
        var count = EightBytes.letters(first)
        var (head, tail, second) = (EightBytes.lowered(first), UInt64(0), UInt64(0))
        if count < 8 {
            head = EightBytes.kept(head, count)
        } else {
            second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            let more = EightBytes.letters(second)
            guard more < 8 else { return false }
            tail = EightBytes.kept(EightBytes.lowered(second), more)
            guard !EightBytes.hasTriple(tail), !EightBytes.hasTriple(head, tail) else { return false }
            count &+= more
        }
        guard !EightBytes.hasTriple(head) else { return false }
        let next = bytes.load(fromByteOffset: count, as: UInt8.self)
        guard
            next == UInt8(ascii: " ") || next == UInt8(ascii: ",") || next == UInt8(ascii: "!")
                || next == UInt8(ascii: "?") || (next == UInt8(ascii: ".") && count != 3) || next == UInt8(ascii: "\n")
        else { return false }
        let out = UnsafeMutableRawPointer(normal.base + normal.count)
        out.storeBytes(of: head, as: UInt64.self)
        out.storeBytes(of: tail, toByteOffset: 8, as: UInt64.self)
        var segment = begin(.word)
        normal.grew(by: count)
        position &+= count
        scalar &+= count
        steps &+= count
        segment.isCapitals =
            count >= 2 && EightBytes.areCapitals(first, min(8, count))
            && (count <= 8 || EightBytes.areCapitals(second, count &- 8))
        segment.byteEnd = Int32(truncatingIfNeeded: position)
        segment.scalarEnd = Int32(truncatingIfNeeded: scalar)
        segment.normalCount = Int32(truncatingIfNeeded: count)
        segment.key = WordKey(head: head, tail: tail, count: count)
        segments.append(segment)
        return true
    }

    mutating func readWord(_ text: UnsafeBufferPointer<UInt8>) {
        var segment = begin(.word)
        var state = WordState()
        scan: while position < text.count {
            if Self.isPlainLetter(text[position]) {
                readLetters(text, &state)
                continue
            }
            let (value, length) = Self.decode(text, position)
            switch ScalarClass(value) {
            case .letter:
                state.letters += 1
                state.last = 0
                for offset in 0..<length { append(text[position + offset]) }
            case .folded(let base):
                appendFolded(base, &state)
            case .digit:
                state.last = 0
                append(UInt8(value))
            case .extender: break
            case .apostrophe:
                guard Self.isLetter(text, position + length) else { break scan }
                if Self.isShortVerb(text, position + length) {
                    state.last = 0
                    append(UInt8(ascii: "'"))
                }
            case .hyphen:
                guard Self.isWordByte(text, position + length), state.hyphens < 4 else { break scan }
                state.hyphens += 1
                state.last = 0
                append(UInt8(ascii: "-"))
            case .other:
                guard joins(value, text, state) else { break scan }
                state.last = 0
                append(UInt8(value))
            case .mark(let mark):
                // Digits keep their comma and point: 1,250.50
                guard mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","), state.letters == 0,
                    Self.isDigit(text, position + length)
                else { break scan }
            default: break scan
            }
            skip(length)
        }
        if state.letters == 0 && state.hyphens == 0 { segment.kind = .number }
        segment.isCapitals = state.capitals >= 2 && state.capitals == state.letters
        segment.isElongated = state.elongated
        finish(segment)
        if segment.kind == .word { cutLink(text) }
    }

    private struct WordState {
        var letters = 0
        var capitals = 0
        var hyphens = 0
        var elongated = false
        var last: UInt8 = 0
        var run = 0
    }

    /// Nearly all of every text: a run of ASCII letters.
    @inline(__always)
    private mutating func readLetters(_ text: UnsafeBufferPointer<UInt8>, _ state: inout WordState) {
        let out = normal.base + normal.count
        var (index, written, capitals) = (position, 0, 0)
        var (last, run) = (state.last, state.run)
        while index < text.count {
            let byte = text[index]
            let lower = byte | 0x20
            guard lower &- UInt8(ascii: "a") < 26 else { break }
            if byte != lower { capitals &+= 1 }
            run = lower == last ? run &+ 1 : 1
            last = lower
            // The letter beyond is written too and then overwritten: there is room, and no branch.
            out[written] = lower
            if run <= Self.runMax { written &+= 1 }
            if run == Self.runMax { state.elongated = true }
            index &+= 1
        }
        let read = index - position
        normal.grew(by: written)
        state.last = last
        state.run = run
        state.letters += read
        state.capitals += capitals
        position = index
        scalar += read
        steps += read
    }

    /// An accented letter as its plain one.
    private mutating func appendFolded(_ lower: UInt8, _ state: inout WordState) {
        state.letters += 1
        state.run = lower == state.last ? state.run + 1 : 1
        state.last = lower
        if state.run >= Self.runMax { state.elongated = true }
        if state.run <= Self.runMax { append(lower) }
    }

    @inline(__always)
    static func isPlainLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    /// Whether a sign inside a word belongs to it: `g@go`, `f*ck`, `T_T`.
    private func joins(_ value: UInt32, _ text: UnsafeBufferPointer<UInt8>, _ state: WordState) -> Bool {
        guard state.letters > 0, Self.isLetter(text, position + 1) else { return false }
        switch UInt8(truncatingIfNeeded: value) {
        case UInt8(ascii: "@") where value < 0x80, UInt8(ascii: "*") where value < 0x80: return true
        case UInt8(ascii: "_") where value < 0x80: return state.letters == 1
        default: return false
        }
    }

    /// Turns the word just read into a link when it opens one, and swallows the rest of it.
    private mutating func cutLink(_ text: UnsafeBufferPointer<UInt8>) {
        guard position < text.count, text[position] == UInt8(ascii: ":") || text[position] == UInt8(ascii: "."),
            let word = segments.last
        else { return }
        let isScheme = text[position] == UInt8(ascii: ":") && Self.has(text, position, "://")
        let isHost =
            word.normalCount == 3 && text[position] == UInt8(ascii: ".")
            && normal[Int(word.normalStart)..<normal.count].elementsEqual("www".utf8)
        guard isScheme || isHost else { return }
        while position < text.count, text[position] > 0x20 {
            let (_, length) = Self.decode(text, position)
            skip(length)
        }
        var link = word
        link.kind = .link
        link.byteEnd = Int32(position)
        link.scalarEnd = Int32(scalar)
        segments[segments.count - 1] = link
    }

    // MARK: Emoji

    private mutating func readEmoji(_ text: UnsafeBufferPointer<UInt8>) {
        let segment = begin(.emoji)
        var isJoined = true
        var regionals = 0
        scan: while position < text.count {
            let (value, length) = Self.decode(text, position)
            switch ScalarClass(value) {
            case .emoji:
                guard isJoined, regionals == 0 else { break scan }
                for offset in 0..<length { append(text[position + offset]) }
                isJoined = false
            case .regional:
                guard regionals < 2, regionals > 0 || isJoined else { break scan }
                regionals += 1
                isJoined = false
                for offset in 0..<length { append(text[position + offset]) }
            case .extender: break
            case .joiner:
                isJoined = true
                for offset in 0..<length { append(text[position + offset]) }
            default: break scan
            }
            skip(length)
        }
        finish(segment)
    }
}
