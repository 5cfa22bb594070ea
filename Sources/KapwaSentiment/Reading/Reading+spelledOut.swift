extension Reading {
    /// Letters that one spelled-out word may have: bounds the look ahead.
    private static let spelledMax = 12
    /// Shorter runs are initials and text-speak.
    private static let spelledMin = 3

    /// "t a n g a", "g.a.g.o": single letters, one space or point between, that make a known word.
    ///
    /// - Parameter follows: whether another such word ends right before, so that two letters will do ("k a").
    /// - Returns: how many segments the word took, 0 when there is none.
    func readSpelledOut(from start: Int, follows: Bool) -> Int {
        let letters = run(from: start)
        let least = follows ? 2 : Self.spelledMin
        guard letters >= least else { return 0 }
        let first = segmenter.segments[start]
        var count = letters
        while count >= least {
            let form = segmenter.normal.bytes(Int(first.normalStart), count)
            let word = tables.words.find(form)
            // The beginning of a longer run must be long enough not to be there by chance.
            if word >= 0, count == letters || count > Self.spelledMin {
                return add(word, form, from: start, letters: count)
            }
            count -= 1
        }
        return 0
    }

    /// How many single letters follow each other from here, with at most one space or point between two.
    private func run(from start: Int) -> Int {
        let segments = segmenter.segments.count
        var count = 1
        var index = start
        while count < Self.spelledMax {
            guard let next = nextLetter(behind: index, segments) else { break }
            index = next
            count += 1
        }
        return count
    }

    private func nextLetter(behind index: Int, _ count: Int) -> Int? {
        guard index + 1 < count else { return nil }
        var next = index + 1
        var end = segmenter.segments[index].byteEnd
        let mark = segmenter.segments[next]
        if mark.kind == .mark {
            guard mark.mark == UInt8(ascii: "."), mark.markCount == 1, mark.byteStart == end, next + 1 < count else {
                return nil
            }
            end = mark.byteEnd
            next += 1
        } else {
            end += 1
        }
        let letter = segmenter.segments[next]
        guard letter.kind == .word, letter.normalCount == 1, letter.byteStart == end else { return nil }
        return next
    }

    private func add(_ word: Vocabulary.ID, _ form: UnsafeBufferPointer<UInt8>, from start: Int, letters: Int) -> Int {
        var last = start
        for _ in 1..<letters { last = nextLetter(behind: last, segmenter.segments.count) ?? last }
        var whole = segmenter.segments[start]
        whole.byteEnd = segmenter.segments[last].byteEnd
        whole.scalarEnd = segmenter.segments[last].scalarEnd
        if tables.words[word].flags.contains(.spelling) {
            resolver.resolve(form, WordKey(form), direct: word)
            for index in 0..<resolver.resolutions.count { add(whole, resolver.resolutions[index], []) }
        } else {
            add(whole, Resolver.Resolution(word: word), [])
        }
        return last + 1 - start
    }
}
