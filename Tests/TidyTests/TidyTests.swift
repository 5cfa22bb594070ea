import Foundation
import Testing

/// Rules of the house that no compiler knows.
@Suite struct TidyTests {
    @Test("no file is longer than 500 lines")
    func fileLength() throws {
        for file in try Tree.swiftFiles("Sources") + Tree.swiftFiles("Tests") {
            #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test("the heart has no clock, no chance, and walks no dictionary")
    func pureHeart() throws {
        let banned = [
            "Date()", "ContinuousClock", "SuspendingClock", ".random(", "randomElement", "shuffled()", ".keys",
            ".values", "Hasher()", "hashValue", "Double", "Float",
        ]
        for file in try Tree.swiftFiles("Sources/KapwaRouting") {
            for (index, line) in file.lines.enumerated() {
                let code = Self.code(line)
                for word in banned where code.contains(word) {
                    Issue.record("\(file.path):\(index + 1): \(word) has no place in the heart")
                }
            }
        }
    }

    @Test("nothing unfinished, and nothing that may end the process without a reason beside it")
    func finished() throws {
        let unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "not yet " + "implemented"]
        let fatal = ["tr" + "y!", "fatal" + "Error(", "nonisolated(un" + "safe)", "@unchecked Send" + "able"]
        for file in try Tree.swiftFiles("Sources") {
            for (index, line) in file.lines.enumerated() {
                for word in unfinished where line.contains(word) {
                    Issue.record("\(file.path):\(index + 1): \(word)")
                }
                let near = file.lines[max(0, index - 3)...index].joined()
                for word in fatal where Self.code(line).contains(word) && !near.contains("//") {
                    Issue.record("\(file.path):\(index + 1): \(word) needs its reason beside it")
                }
            }
        }
    }

    @Test("no test sleeps, and none is switched off")
    func honestTests() throws {
        let banned = [
            ".disa" + "bled(", "XCT" + "Skip", "withKnown" + "Issue", "Thread.sl" + "eep", "Task.sl" + "eep",
            "usl" + "eep",
        ]
        for file in try Tree.swiftFiles("Tests") {
            for (index, line) in file.lines.enumerated() {
                for word in banned where line.contains(word) {
                    Issue.record("\(file.path):\(index + 1): \(word)")
                }
            }
        }
    }

    /// A line without what stands in a comment.
    private static func code(_ line: String) -> String {
        line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line
    }
}
