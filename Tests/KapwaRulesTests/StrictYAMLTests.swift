import KapwaDomain
import KapwaRules
import Testing

@Suite("A strict reader for files that people write")
struct StrictYAMLTests {
    private struct Daemon: Equatable, Sendable {
        var data: String?
        var port: Int?
        var grace: Milliseconds?
        var loopbackOnly: Bool?
    }

    private func read(_ text: String) throws(RuleErrors) -> Daemon {
        try StrictYAML.read(text, name: "kapwa.yaml", bytesMax: 1_000, keys: ["data", "http", "grace"]) { file in
            let http = file["http"]?.section(keys: ["port", "loopback_only"])
            return Daemon(
                data: file.required("data", example: "/var/lib/kapwa")?.text(bytes: 1...20),
                port: http?["port"]?.integer(in: 0...65_535), grace: file["grace"]?.duration(in: 0...10_000),
                loopbackOnly: http?["loopback_only"]?.flag())
        }.value
    }

    private func errors(_ text: String) -> [String] {
        do throws(RuleErrors) {
            _ = try read(text)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test("known keys of any depth are read")
    func reads() throws {
        let daemon = try read("data: ./here\nhttp:\n  port: 7410\n  loopback_only: true\ngrace: 10s\n")
        #expect(daemon == Daemon(data: "./here", port: 7_410, grace: 10_000, loopbackOnly: true))
    }

    @Test("one run names everything, in the order of the lines")
    func namesEverything() {
        #expect(
            errors("htp: 1\nhttp:\n  port: -1\n  prot: 2\ngrace: soon\n")
                == [
                    "kapwa.yaml:1:1: data: the key \"data\" is missing; write data: /var/lib/kapwa",
                    "kapwa.yaml:1:1: htp: there is no key \"htp\"; did you mean \"http\"?",
                    "kapwa.yaml:3:9: http.port: -1 is out of range; write a whole number from 0 to 65535",
                    "kapwa.yaml:4:3: http.prot: there is no key \"prot\"; did you mean \"port\"?",
                    "kapwa.yaml:5:8: grace: \"soon\" is no length of time; "
                        + "write a whole number and its unit as in 20s, 15m, 4h or 7d, from 0s to 10s",
                ])
    }

    @Test("columns count Unicode scalars, whatever stands before them")
    func columns() {
        #expect(errors("# ₱ ñ 👍🏽\n{data: \"ñ👍🏽\", \"grace\": 👍🏽}\n").first?.hasPrefix("kapwa.yaml:2:24: grace: ") == true)
    }

    @Test("lines are counted alike with LF, CRLF and CR")
    func lineEnds() {
        for end in ["\n", "\r\n", "\r"] {
            let said = errors("data: x\(end)\(end)data: y\(end)grace: 1\(end)")
            #expect(said.map { $0.prefix(17) } == ["kapwa.yaml:3:1: d", "kapwa.yaml:4:8: g"])
        }
    }

    @Test("what is wrong at the end of a last line without a line end stands in that line")
    func lastLine() {
        #expect(errors("[data, grace]: x\nhttp").map { $0.prefix(16) } == ["kapwa.yaml:2:5: "])
        #expect(errors("[data, grace]: x\nhttp\n").map { $0.prefix(16) } == ["kapwa.yaml:3:1: "])
    }

    @Test("the place of a byte that is no UTF-8 is counted as any other, whatever ends the lines")
    func brokenByte() throws {
        for end in ["\n", "\r\n", "\r", "\u{2028}"] {
            let bytes = Array("version: 1\(end)zone: ñ".utf8) + [0x90]
            guard case .failure(let errors) = RuleFile.read(bytes: bytes, name: "r.yaml") else {
                Issue.record("read")
                continue
            }
            #expect(errors.errors.map { [$0.line, $0.column] } == [[2, 8]])
        }
    }

    @Test("of a key that is repeated often, each repetition is named")
    func repeated() {
        let said = errors("data: x\n" + (1...30).map { "grace: \($0)s" }.joined(separator: "\n"))
        #expect(said.count == 29)
        #expect(said.filter { $0.contains("was written in line 2 before") }.count == 29)
    }

    @Test("a file over its size is refused unread")
    func size() {
        #expect(
            errors("data: x\n#" + String(repeating: "é", count: 500)) == [
                "kapwa.yaml:1:1: the file has 1009 bytes; 1000 bytes are the most"
            ])
    }

    @Test("lengths of time are read and written back", arguments: ["0s", "250ms", "20s", "15m", "4h", "7d", "90s"])
    func durations(_ text: String) throws {
        let length = try #require(DurationText.read(text))
        #expect(DurationText.write(length) == (text == "90s" ? "90s" : text))
    }

    @Test(
        "what is no length of time is not read as one",
        arguments: ["", "s", "1", "1 s", "-1s", "+1s", "1.5h", "1w", "1S", "1h30m", "9999999999s", "999999999d", "１s"])
    func noDurations(_ text: String) {
        #expect(DurationText.read(text) == nil)
    }
}
