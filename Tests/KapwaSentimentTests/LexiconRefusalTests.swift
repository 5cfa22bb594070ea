import Foundation
import KapwaDomain
import KapwaSentiment
import Testing

@Suite("What a lexicon file may be")
struct LexiconRefusalTests {
    private static let header = "term\tlang\tfrustration\n"

    private func load(_ bytes: [UInt8]) -> Result<Lexicon, LexiconError> {
        do throws(LexiconError) {
            return .success(try Lexicon.load([Lexicon.Source(name: "own.tsv", bytes: bytes)]))
        } catch {
            return .failure(error)
        }
    }

    private func fault(_ bytes: [UInt8]) throws -> LexiconError.Problem {
        guard case .failure(let error) = load(bytes) else { throw Accepted() }
        return try #require(error.problems.first)
    }

    private struct Accepted: Error {}

    @Test(
        "a mark of byte order, ends of lines from other systems and a missing last one change nothing",
        arguments: [
            "\u{FEFF}term\tlang\tfrustration\nsira\ttl\t500\n", "term\tlang\tfrustration\r\nsira\ttl\t500\r\n",
            "term\tlang\tfrustration\nsira\ttl\t500", "\n# mine\nterm\tlang\tfrustration\n\nsira\ttl\t500\n",
        ])
    func harmless(text: String) throws {
        let scorer = Scorer(lexicon: try load(Array(text.utf8)).get())
        #expect(scorer.score("sira").tags.frustration.milli == 500)
    }

    @Test("a file without a header is refused, however empty", arguments: ["", "\n\n", "# only words\n", "\u{FEFF}"])
    func empty(text: String) throws {
        let fault = try fault(Array(text.utf8))
        #expect(fault.line == 1 && fault.what == "there is no header" && fault.remedy.contains("term, lang"))
    }

    @Test("a control character is refused with its line and its number", arguments: [0x00, 0x01, 0x0B, 0x1B, 0x7F])
    func controls(byte: UInt8) throws {
        let fault = try fault(
            Array(Self.header.utf8) + Array("ok\ttl\t1\nsi".utf8) + [byte] + Array("ra\ttl\t5\n".utf8))
        #expect(fault.line == 3 && fault.what.contains("U+00") && fault.remedy.hasPrefix("remove it"))
    }

    @Test("a file whose lines end in returns alone is one line with control characters")
    func oldLineEnds() throws {
        let fault = try fault(Array("term\tlang\rsira\ttl\r".utf8))
        #expect(fault.line == 1 && fault.what.contains("U+000D"))
    }

    @Test("bytes that are not UTF-8 are refused at their line")
    func broken() throws {
        let fault = try fault(
            Array(Self.header.utf8) + Array("ok\ttl\t1\n".utf8) + [0x73, 0xFF] + Array("\ttl\t1\n".utf8))
        #expect(fault.line == 3 && fault.what.contains("not UTF-8") && fault.remedy.contains("UTF-8"))
    }

    @Test("a file saved as UTF-16 is told as that", arguments: [[0xFF, 0xFE, 0x74, 0x00], [0xFE, 0xFF, 0x00, 0x74]])
    func wide(bytes: [UInt8]) throws {
        let fault = try fault(bytes)
        #expect(fault.what.contains("UTF-16") && fault.remedy == "save the file as UTF-8")
    }

    @Test("a line, a file or a number of readings beyond the limits is refused")
    func tooMuch() throws {
        let long = String(repeating: "a", count: Limits.lexiconLineBytesMax) + "\ttl\t1\n"
        let line = try fault(Array((Self.header + long).utf8))
        #expect(line.line == 2 && line.what.contains("bytes") && line.remedy.contains("8192"))

        let file = try fault([UInt8](repeating: 0x61, count: Limits.lexiconFileBytesMax + 1))
        #expect(file.what.contains("too many"))

        let choices = "(" + (0..<1_000).map { "w\($0)" }.joined(separator: "|") + ")"
        let rows = (0...Limits.lexiconReadingsMax / 1_000).map { "\(choices) x\($0)\ttl\t1\n" }.joined()
        let readings = try fault(Array((Self.header + rows).utf8))
        #expect(readings.what.contains("readings") && readings.line == Limits.lexiconReadingsMax / 1_000 + 2)
    }

    @Test(
        "a number out of its range, or none at all, is refused with the range",
        arguments: [
            ("frustration", "1001", "-1000…1000"), ("relief", "-1001", "-1000…1000"),
            ("positive", "3001", "-3000…3000"),
            ("mixed", "many", "-3000…3000"), ("distress", "0.5", "-1000…1000"),
            ("negative", "99999999999", "-3000…3000"),
            ("factor", "99", "100…3000"), ("factor", "3001", "100…3000"),
        ])
    func ranges(column: String, value: String, range: String) {
        let found = problems("term | lang | \(column)", "sira | tl | \(value)")
        #expect(found.map(\.line) == [2])
        #expect(found.first?.what.contains(value) == true)
        #expect(found.first?.remedy.replacing("−", with: "-").contains(range) == true)
    }

    @Test("the same row twice within a deployment's own files is refused, the same spelling too")
    func twiceInOverlays() {
        func own(_ text: String) -> [LexiconError.Problem] {
            let base = Lexicon.Source(name: "a.tsv", bytes: Array("term\tlang\nbase\ttl\n".utf8))
            let file = Lexicon.Source(name: "own.tsv", bytes: Array(text.utf8), path: "/etc/own.tsv")
            do throws(LexiconError) {
                _ = try Lexicon.load([base], overlays: [file])
                return []
            } catch {
                return error.problems
            }
        }
        let rows = own("term\tlang\nplan x\ten\nPLAN  x\ten\n")
        #expect(rows.map(\.line) == [3] && rows.first?.file == "/etc/own.tsv")
        let spellings = own("term\tlang\tmeans\nhq\tany\toffice\nHQ\tany\thouse\n")
        #expect(spellings.map(\.line) == [3] && spellings.first?.what.contains("meaning already") == true)
    }

    @Test("a path that leads to no file, or to one that is too large, is told without reading it")
    func paths() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kapwa-lexicon-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("term\tlang\nsira\ttl\n".utf8).write(to: folder.appending(path: "a.tsv"))
        let large = folder.appending(path: "large").path(percentEncoded: false)
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        // A hole: 100 MB on paper, none on disk.
        try FileHandle(forWritingTo: folder.appending(path: "large")).truncate(atOffset: 100_000_000)
        let directory = folder.path(percentEncoded: false)
        for (path, words) in [
            (large, "100000000 bytes are too many"), ("/dev/zero", "no file"), (directory, "no file"),
            (directory + "/gone.tsv", "cannot be read"),
        ] {
            let error = #expect(throws: LexiconError.self) { try Lexicon.load(directory: directory, overlays: [path]) }
            #expect(error?.problems.map(\.file) == [path] && error?.description.contains(words) == true)
        }
    }
}
