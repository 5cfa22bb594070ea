import ArgumentParser
import Foundation
import Glibc
import KapwaDaemon
import KapwaDomain
import KapwaSentiment
import KapwaWire

extension Bench {
    struct Score: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Messages scored per second on one core, with and without evidence.",
            discussion: """
                Reads a file of texts, one a line, or of JSON lines as `kapwa score --jsonl` takes them, and scores it \
                over and over on one thread. Rates are per second of that thread's processor time, so that what else \
                the machine does counts little; percentiles are of the clock on the wall.

                Examples:
                  kapwa bench score messages.txt
                  kapwa bench score messages.jsonl --seconds 10
                  kapwa bench score messages.txt --overlay products.tsv --json
                """)

        @Argument(help: ArgumentHelp("Texts, one a line, or JSON lines with a text each.", valueName: "file"))
        var file: String
        @Option(help: ArgumentHelp("How long each of the two is measured, after a warm-up.", valueName: "s"))
        var seconds: Double = 3
        @Option(help: ArgumentHelp("Directory with the lexicons.", valueName: "dir"))
        var models: String?
        @Option(help: ArgumentHelp("A lexicon of the deployment's own; may be repeated.", valueName: "file"))
        var overlay: [String] = []
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard (0.1...600).contains(seconds) else {
                throw ValidationError("--seconds is \(seconds); 0.1 to 600 are possible")
            }
        }

        func run() async throws {
            try await Failing.withOneLine {
                let bench = try ScoreBenchmark(
                    file: file, models: models ?? ModelsDirectory.standard, overlays: overlay, seconds: seconds)
                print(json ? bench.json : bench.description)
            }
        }
    }
}

/// What scoring a file over and over showed.
struct ScoreBenchmark: CustomStringConvertible {
    /// One way of scoring.
    struct Rate: Encodable {
        var messagesPerSecond: Double
        var megabytesPerSecond: Double
        var nanosecondsPerMessage: Double
        /// Of single messages, by the clock on the wall.
        var p50Nanoseconds: UInt64
        var p99Nanoseconds: UInt64
    }

    struct Figures: Encodable {
        var messages: Int
        var bytes: Int
        var lexiconRows: Int
        var lexiconHash: String
        var loadMilliseconds: Double
        var withEvidence: Rate
        var withoutEvidence: Rate
        var residentMegabytes: Double
    }

    private static let loads = 5
    private static let samplesMax = 2_000_000

    let figures: Figures

    init(file: String, models: String, overlays: [String], seconds: Double) throws(StartFailure) {
        let texts = try Self.texts(file)
        var best = Double.infinity
        func load() throws(StartFailure) -> Lexicon {
            let begun = Self.now(CLOCK_MONOTONIC)
            let lexicon = try LexiconLoading.lexicon(models: models, overlays: overlays)
            best = min(best, Double(Self.now(CLOCK_MONOTONIC) - begun) / 1e6)
            return lexicon
        }
        let scorer = Scorer(lexicon: try load())
        let with = Self.rate(texts, scorer, evidence: true, seconds)
        let without = Self.rate(texts, scorer, evidence: false, seconds)
        let resident = Self.residentMegabytes
        for _ in 1..<Self.loads { _ = try load() }
        figures = Figures(
            messages: texts.count, bytes: texts.reduce(0) { $0 + $1.count }, lexiconRows: scorer.lexicon.count,
            lexiconHash: scorer.lexicon.hash, loadMilliseconds: best, withEvidence: with, withoutEvidence: without,
            residentMegabytes: resident)
    }

    // MARK: Reading

    private static func texts(_ file: String) throws(StartFailure) -> [[UInt8]] {
        var reader = LineReader(try LineReader.open(file, expected: "a file with one text a line"))
        let decoder = ScoreLineDecoder()
        var texts: [[UInt8]] = []
        var number = 0
        while let line = reader.next() {
            number += 1
            if line.isEmpty { continue }
            guard line[0] == UInt8(ascii: "{") else {
                texts.append(line)
                continue
            }
            do throws(ScoreLineError) {
                texts.append(Array(try decoder.decode(line).text.utf8))
            } catch {
                throw StartFailure(.badData, "\(file):\(number): \(error.message)")
            }
        }
        guard !texts.isEmpty else { throw StartFailure(.badData, "\(file) holds no text; put one on each line") }
        return texts
    }

    // MARK: Measuring

    private static func rate(_ texts: [[UInt8]], _ scorer: Scorer, evidence: Bool, _ seconds: Double) -> Rate {
        func pass() -> Int {
            var seen = 0
            for text in texts {
                seen += text.withUnsafeBufferPointer {
                    scorer.score($0, evidence: evidence).coverage.milli >= 0 ? 1 : 0
                }
            }
            return seen
        }
        let warmUp = now(CLOCK_THREAD_CPUTIME_ID) + UInt64(min(1, seconds / 3) * 1e9)
        repeat { _ = pass() } while now(CLOCK_THREAD_CPUTIME_ID) < warmUp
        let begun = now(CLOCK_THREAD_CPUTIME_ID)
        let end = begun + UInt64(seconds * 1e9)
        var messages = 0
        var last = begun
        while last < end {
            messages += pass()
            last = now(CLOCK_THREAD_CPUTIME_ID)
        }
        let each = Double(last - begun) / Double(messages)
        let bytes = Double(texts.reduce(0) { $0 + $1.count }) / Double(texts.count)
        let (p50, p99) = percentiles(texts, scorer, evidence: evidence, seconds / 3)
        return Rate(
            messagesPerSecond: 1e9 / each, megabytesPerSecond: bytes / each * 1e3, nanosecondsPerMessage: each,
            p50Nanoseconds: p50, p99Nanoseconds: p99)
    }

    /// Apart from the rate, because looking at the clock takes time too.
    private static func percentiles(
        _ texts: [[UInt8]], _ scorer: Scorer, evidence: Bool, _ seconds: Double
    ) -> (UInt64, UInt64) {
        var times: [UInt64] = []
        times.reserveCapacity(min(samplesMax, texts.count * 64))
        let end = now(CLOCK_MONOTONIC) + UInt64(seconds * 1e9)
        repeat {
            for text in texts where times.count < samplesMax {
                let begun = now(CLOCK_MONOTONIC)
                _ = text.withUnsafeBufferPointer { scorer.score($0, evidence: evidence) }
                times.append(now(CLOCK_MONOTONIC) - begun)
            }
        } while now(CLOCK_MONOTONIC) < end && times.count < samplesMax
        times.sort()
        return (times[times.count / 2], times[min(times.count - 1, times.count * 99 / 100)])
    }

    private static func now(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Of this process, the texts in it.
    private static var residentMegabytes: Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let kilobytes = line?.split(separator: " ", omittingEmptySubsequences: true).dropFirst().first
        return (kilobytes.flatMap { Double(String($0)) } ?? 0) / 1_024
    }

    // MARK: Showing

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Numbers and one hash always encode.
        return (try? encoder.encode(figures)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    var description: String {
        func line(_ name: String, _ rate: Rate) -> String {
            "\(name)\(Int(rate.messagesPerSecond)) messages/s, \(Self.short(rate.megabytesPerSecond)) MB/s, "
                + "\(Int(rate.nanosecondsPerMessage)) ns a message; p50 \(rate.p50Nanoseconds) ns, "
                + "p99 \(rate.p99Nanoseconds) ns"
        }
        return """
            messages          \(figures.messages) of \(figures.bytes / figures.messages) bytes
            lexicon           \(figures.lexiconRows) rows, loaded in \(Self.short(figures.loadMilliseconds)) ms, \
            the best of \(Self.loads)
            \(line("with evidence     ", figures.withEvidence))
            \(line("without evidence  ", figures.withoutEvidence))
            memory            \(Self.short(figures.residentMegabytes)) MB resident, the messages among them
            """
    }

    private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
