import Foundation
import KapwaRules
import Testing

/// Files that lie beside the tests.
enum Fixtures {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: root.appending(path: path))) }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// Names without extension of all rules files that have something wrong.
    static let rules: [String] = {
        let folder = root.appending(path: "Tests/Fixtures/rules").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".agents.yaml") }.map { String($0.dropLast(5)) }
            .sorted()
    }()

    /// The presets that come with Kapwa.
    static let presets: BreakPresets = {
        do throws(RuleErrors) {
            return try BreakPresets.load(directory: root.appending(path: "Models/breaks").path)
        } catch {
            Issue.record("\(error)")
            return .none
        }
    }()

    /// Rules of the floors that come with Kapwa as examples.
    static let examples: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "deploy/examples").path))
        return (names ?? []).filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".cases.yaml") }.sorted()
            .map { "deploy/examples/\($0)" }
    }()
}
