import Foundation
import KapwaDomain
import KapwaSimulation
import Testing

@Suite struct DayPageTests {
    private func page(names: [String]) throws -> String {
        var settings = WorldSettings()
        settings.agents = 8
        settings.conversations = 80
        settings.open = .hours(9)..<(.hours(11))
        let world = World(seed: 1, settings: settings, rules: SimulatedFloor.rules)
        let rules = [SimulatedFloor.rules, SimulatedFloor.rules.withoutCare].prefix(names.count)
        let days = try rules.map { try Simulation(world: world, rules: $0).run() }
        let heading = DayPage.Heading(title: "A day & a <night>", facts: ["8 agents"])
        return DayPage(heading: heading, names: names, days: days, rules: Array(rules)).html
    }

    /// Every element that is opened is closed, in order; those of HTML that never close are known.
    private func unbalanced(_ text: String) -> String? {
        var open: [String] = []
        for match in text.matches(of: /<(\/?)([a-z1-6]+)((?:\s[^<>]*?)?)(\/?)>/) {
            let name = String(match.output.2)
            if ["meta"].contains(name) || !match.output.4.isEmpty { continue }
            if match.output.1.isEmpty {
                open.append(name)
            } else if open.popLast() != name {
                return "</\(name)>"
            }
        }
        return open.last
    }

    @Test("the page is well formed and needs nothing from elsewhere", arguments: [["one"], ["one", "two <b>"]])
    func selfContained(names: [String]) throws {
        let html = try page(names: names)
        #expect(html.hasPrefix("<!doctype html>") && html.hasSuffix("</html>\n"))
        #expect(unbalanced(html) == nil)
        for word in ["http:", "https:", "<script", "<link", "<img", "url(", "@import", "src="] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("A day &amp; a &lt;night&gt;"), "what people wrote is escaped")
        #expect(!html.contains("two <b>"))
        #expect(html.contains("prefers-color-scheme:dark"))
        #expect(html.components(separatedBy: "<svg ").count - 1 == 3 + names.count)
        #expect(!html.contains("nan") && !html.contains("inf\""), "no number without a value")
    }

    @Test("a picture of a comparison stands alone")
    func picture() {
        var comparison = Comparison(names: ["care & rest", "plain"])
        for seed in 1...3 as ClosedRange<UInt64> {
            var (first, second) = (DayFigures(), DayFigures())
            first[.wait95] = Double(seed)
            second[.wait95] = Double(seed) * 2
            comparison.add(seed: seed, [first, second])
        }
        let svg = ComparisonPicture(title: "Care", groups: [("a world", comparison)]).svg
        #expect(unbalanced(svg) == nil)
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(svg.contains("care &amp; rest"))
    }
}
