import Foundation
import KapwaRules
import Testing

@Suite("Each rule of the rules file has a file that breaks it")
struct RuleFixtureTests {
    @Test("what is said about it is exactly the text beside it", arguments: Fixtures.rules)
    func saysExactly(_ name: String) throws {
        let bytes = try Fixtures.bytes("Tests/Fixtures/rules/\(name).yaml")
        let said: String
        // Some lints need to know who works by the rules.
        let agents = try? AgentCard.read(
            bytes: Fixtures.bytes("Tests/Fixtures/rules/\(name).agents.yaml"), name: "\(name).agents.yaml")
        switch RuleFile.read(
            bytes: bytes, name: "\(name).yaml", beside: .init(presets: Fixtures.presets, agents: agents))
        {
        case .success(let file): said = file.warnings.map(\.description).joined(separator: "\n")
        case .failure(let errors): said = errors.description
        }
        if let folder = ProcessInfo.processInfo.environment["KAPWA_WRITE_FIXTURES"] {
            try Data((said + "\n").utf8).write(to: URL(filePath: "\(folder)/\(name).txt"))
        }
        #expect(!said.isEmpty)
        #expect(try said + "\n" == Fixtures.text("Tests/Fixtures/rules/\(name).txt"))
    }

    @Test("the files are found, and none is without its text")
    func areFound() {
        #expect(Fixtures.rules.count >= 85)
    }
}
