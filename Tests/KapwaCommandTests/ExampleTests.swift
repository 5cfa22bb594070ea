import Foundation
import KapwaDomain
import KapwaRules
import Testing

@testable import kapwa

@Suite("The floors that come as examples")
struct ExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.root.appending(path: path)))
    }

    @Test(
        "each holds without a warning for the people of its cases, and all its cases hold",
        arguments: ["food-delivery", "mobile-operator", "bank"])
    func holds(_ name: String) throws {
        let cases = try bytes("deploy/examples/\(name).cases.yaml")
        let presets = try BreakPresets.load(directory: Self.root.appending(path: "Models/breaks").path)
        let file = try RuleFile.read(
            bytes: bytes("deploy/examples/\(name).yaml"), name: name,
            beside: .init(presets: presets, agents: AgentCard.read(bytes: cases, name: name))
        ).get()
        #expect(file.warnings.map(\.description) == [])
        let read = try CaseFile.read(bytes: cases, name: "\(name).cases.yaml")
        #expect(read.cases.count >= 12)
        for one in read.cases {
            #expect(CaseJudge.differences(one, file.rules) == [], "\(one.place): \(one.name)")
        }
    }

    @Test(
        "a case of an example fails when its rule is taken away",
        arguments: ["food-delivery", "mobile-operator", "bank"])
    func canFail(_ name: String) throws {
        let read = try CaseFile.read(bytes: bytes("deploy/examples/\(name).cases.yaml"), name: name)
        let failing = read.cases.count { !CaseJudge.differences($0, .standard).isEmpty }
        #expect(failing * 2 > read.cases.count, "half of the cases say something about the rules")
    }
}
