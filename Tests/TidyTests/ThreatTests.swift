import Foundation
import Testing

@Suite("What documents say is shown by a test")
struct ThreatTests {
    @Test("every test that a document links exists", arguments: ["docs/threats.md", "docs/worker-rights.md"])
    func links(_ document: String) throws {
        let text = try String(contentsOf: Tree.root.appending(path: document), encoding: .utf8)
        let links = text.matches(of: #/\[`([A-Za-z0-9_]+)`\]\(\.\./((?:Tests|clients)/[^)]+)\)/#)
        #expect(links.count > 3, "links were found")
        for link in links {
            let (name, path) = (String(link.1), String(link.2))
            let file = Tree.root.appending(path: path)
            guard let source = try? String(contentsOf: file, encoding: .utf8) else {
                Issue.record("\(document) links \(path), which is not there")
                continue
            }
            let declaration = path.hasSuffix(".py") ? "def \(name)(" : "func \(name)("
            #expect(source.contains(declaration), "\(document): \(path) has no \(name)")
        }
    }

    @Test("every threat of a table names a test, or says that there is none")
    func rows() throws {
        let text = try String(contentsOf: Tree.root.appending(path: "docs/threats.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| threat ") }
        #expect(rows.count > 25)
        for row in rows {
            let shownBy = row.split(separator: "|").last { !$0.allSatisfy(\.isWhitespace) } ?? ""
            #expect(shownBy.contains("](../") || shownBy.contains("not "), "\(row)")
        }
    }
}
