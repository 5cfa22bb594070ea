import KapwaDomain
import Testing

@testable import KapwaRouting

/// Numbers and texts of a snapshot, byte by byte.
@Suite struct SnapshotPassTests {
    private static let words: [UInt64] = {
        var words: [UInt64] = [0, .max]
        for bits in 0..<64 { words += [1 << UInt64(bits), (1 << UInt64(bits)) - 1, (1 << UInt64(bits)) + 1] }
        return words
    }()

    private func written(_ words: [UInt64], capacity: Int = 1) -> [UInt8] {
        var pass = SnapshotPass(writing: capacity)
        for var word in words { pass.word(&word) }
        return pass.bytes()
    }

    /// The words that can be read, and whether that was all and made sense.
    private func read(_ bytes: [UInt8], _ count: Int) -> (words: [UInt64], isWhole: Bool, isBroken: Bool) {
        bytes.withUnsafeBytes { bytes in
            var pass = SnapshotPass(reading: bytes)
            var words: [UInt64] = []
            for _ in 0..<count {
                var word: UInt64 = 0
                pass.word(&word)
                words.append(word)
            }
            return (words, pass.isWhole, pass.isBroken)
        }
    }

    @Test("a number takes one byte for each seven bits, and nine at most")
    func sizes() {
        for word in Self.words {
            let bits = 64 - word.leadingZeroBitCount
            #expect(written([word]).count == min(9, max(1, (bits + 6) / 7)), "\(word)")
        }
    }

    @Test("a number is read back wherever it stands, also within nine bytes of the end, and not when it is cut off")
    func nearTheEnd() {
        for word in Self.words {
            for after in 0...10 {
                let words = [word] + Array(repeating: 5, count: after)
                let bytes = written(words)
                let found = read(bytes, words.count)
                #expect(found.words == words && found.isWhole)
                // One more than there are.
                #expect(read(bytes, words.count + 1).isBroken)
                #expect(!read(bytes + [3], words.count).isWhole && !read(bytes + [3], words.count).isBroken)
            }
            let bytes = written([word])
            for length in 0..<bytes.count {
                let found = read(Array(bytes[..<length]), 1)
                #expect(found.isBroken && found.words == [0])
            }
        }
    }

    @Test("room grows as it is needed, whatever there was to begin with", arguments: [0, 1, 63, 64, 65, 70, 200])
    func grows(capacity: Int) {
        for count in [1, 6, 7, 8, 40] {
            for word in [UInt64(1), 1 << 20, .max] {
                let words = Array(repeating: word, count: count)
                #expect(read(written(words, capacity: capacity), count).words == words)
            }
        }
        for length in [0, 1, 54, 55, 56, 62, 63, 64, 65, 126, 127, 128, 129, 1_000] {
            var text = String(repeating: "x", count: length)
            var pass = SnapshotPass(writing: capacity)
            var number: UInt64 = 7
            pass.text(&text)
            pass.word(&number)
            pass.text(&text)
            var whole = SnapshotPass(writing: capacity)
            whole.word(&number)
            whole.append(pass)
            whole.append(pass)
            let bytes = whole.bytes()
            let size = whole.size
            #expect(size == bytes.count)
            bytes.withUnsafeBytes { bytes in
                var reading = SnapshotPass(reading: bytes)
                var numbers: [UInt64] = []
                var texts: [String] = []
                func word() {
                    var word: UInt64 = 0
                    reading.word(&word)
                    numbers.append(word)
                }
                func text() {
                    var text = ""
                    reading.text(&text)
                    texts.append(text)
                }
                word()
                for _ in 1...2 {
                    text()
                    word()
                    text()
                }
                let isWhole = reading.isWhole
                #expect(isWhole && numbers == [7, 7, 7])
                #expect(texts == Array(repeating: String(repeating: "x", count: length), count: 4))
            }
        }
    }

    @Test("more of something than there are bytes left is damage; exactly as many is not")
    func counts() {
        for (claimed, there, isSound) in [(0, 0, true), (3, 3, true), (4, 3, false), (1, 0, false)] {
            let bytes = written([UInt64(claimed)] + Array(repeating: 1, count: there))
            bytes.withUnsafeBytes { bytes in
                var reading = SnapshotPass(reading: bytes)
                var count = 9
                reading.count(&count)
                let isBroken = reading.isBroken
                #expect(isBroken == !isSound && count == (isSound ? claimed : 0))
            }
        }
    }

    @Test("what is kept in four bytes is damaged when it does not fit into them")
    func small() {
        for value in [0, Int(Int32.max), Int(Int32.min), Int(Int32.max) + 1, Int(Int32.min) - 1] {
            var given = value
            var pass = SnapshotPass(writing: 1)
            given.passFields(&pass)
            let bytes = pass.bytes()
            bytes.withUnsafeBytes { bytes in
                var reading = SnapshotPass(reading: bytes)
                var found = 1
                reading.small(&found)
                let isBroken = reading.isBroken
                #expect(isBroken == (Int32(exactly: value) == nil))
                #expect(found == (Int32(exactly: value) == nil ? 0 : value))
            }
        }
    }

    @Test("a word that is not on the list is damage, the last one is not")
    func listed() {
        for (place, isSound) in [(0, true), (Channel.list.count - 1, true), (Channel.list.count, false)] {
            let bytes = written([UInt64(place)])
            bytes.withUnsafeBytes { bytes in
                var reading = SnapshotPass(reading: bytes)
                var channel = Channel.blank
                channel.passFields(&reading)
                let isBroken = reading.isBroken
                #expect(isBroken == !isSound)
                if isSound { #expect(channel == Channel.list[place]) }
            }
        }
    }
}
