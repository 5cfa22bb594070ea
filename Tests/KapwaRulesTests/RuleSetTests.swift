import KapwaDomain
import Testing

@testable import KapwaRules

@Suite("What rules mean")
struct RuleSetTests {
    private func rules(_ text: String) throws -> RuleSet {
        try RuleFile.read(text: text, name: "rules.yaml", beside: .init(presets: Fixtures.presets)).get().rules
    }

    @Test("steps lower and drop one after the other, never raise, and leave what they do not name")
    func steps() throws {
        let queue = try rules(
            """
            queues:
              - id: main
                needs: {tagalog: 4, billing: 2}
                steps:
                  - {after: 30s, lower: {tagalog: 2, billing: 5, cards: 1}}
                  - {after: 60s, drop: [billing]}
            """
        ).queues[0]
        #expect(queue.relaxed(queue.needs, steps: 0) == ["tagalog": 4, "billing": 2])
        #expect(queue.relaxed(queue.needs, steps: 1) == ["tagalog": 2, "billing": 2])
        #expect(queue.relaxed(queue.needs, steps: 2) == ["tagalog": 2])
        #expect(queue.relaxed(queue.needs, steps: 9) == ["tagalog": 2])
        #expect(queue.relaxed(["english": 3], steps: 2) == ["english": 3])
    }

    @Test("a team has its own modes and policy, begun from the tenant's; others have the tenant's")
    func teams() throws {
        let rules = try rules(
            """
            routing: {mode: advise}
            breaks: {threshold: 3, length: 12m, planned: [{kind: screen, length: 5m, every: 55m, within: 15m}]}
            teams:
              - {id: night, breaks: {length: 20m, grave_length: 20m, mode: observe}}
              - {id: day, routing: {mode: enforce}}
            """)
        #expect(rules.teams.map(\.id) == ["day", "night"])
        #expect(rules.breaks(for: "night").minutes == 20)
        #expect(rules.breaks(for: "night").threshold == 3_000)
        #expect(rules.breaks(for: "night").planned.count == 2)
        #expect(rules.breaksMode(for: "night") == .observe)
        #expect(rules.routingMode(for: "night") == .advise)
        #expect(rules.breaks(for: "day") == rules.breaks)
        #expect(rules.routingMode(for: "day") == .enforce)
        for nobody in [nil, "evening"] as [TeamID?] {
            #expect(rules.breaks(for: nobody) == rules.breaks)
            #expect(rules.breaksMode(for: nobody) == .enforce)
            #expect(rules.routingMode(for: nobody) == .advise)
        }
    }

    @Test("everything else that a file names takes effect")
    func everything() throws {
        let rules = try rules(
            """
            queues:
              - {id: main, needs: {billing: 2}, offer_timeout: {chat: 30s}}
            routes:
              - when:
                  mood: {trends: [rising, steady], polarity_below: -0.25}
                  history: {bad_episodes: 2, returning_within: 24h}
                queue: main
            breaks:
              immediate_after_any_abuse: true
              invite_at: 0.8
              team_share_max: 0.25
              postpone_max: 5m
              landing: 5m
              landing_after_away: 1h
              landing_every: 3h
            floors: [{skill: billing, level: 2, team: day, least: 3}, {least: 5}]
            safety_escalation: {to: [lead, site], round: 30s}
            playbooks: [{topic: outage, text: a, announcement: b, drop: [billing]}]
            """)
        #expect(rules.queues[0].offerTimeout?.chat == 30_000)
        #expect(rules.queues[0].offerTimeout?.voice == 15_000)
        let condition = rules.routes[0].condition
        #expect(condition.mood.trends == [.rising, .steady])
        #expect(condition.mood.polarityBelow == -250)
        #expect(condition.history.badEpisodes == 2)
        #expect(condition.history.returningWithin == .days(1))
        #expect(rules.breaks.immediateAfterAnyAbuse)
        #expect(rules.breaks.inviteAt == 800)
        #expect(rules.breaks.teamShareMax == 250)
        #expect(rules.breaks.postponeMax == .minutes(5))
        #expect(rules.breaks.landing == .minutes(5))
        #expect(rules.breaks.landingAfterAway == .hours(1))
        #expect(rules.breaks.landingEvery == .hours(3))
        #expect(rules.floors == [Floor(skill: "billing", level: 2, team: "day", least: 3), Floor(least: 5)])
        #expect(rules.safetyEscalation == ["lead", "site"])
        #expect(rules.safetyRound == .seconds(30))
        let playbook = try #require(rules.playbook(for: "outage"))
        #expect(playbook == Playbook(topic: "outage", text: "a", announcement: "b", drop: ["billing"]))
        #expect(playbook.relaxed(["billing": 2, "cards": 1]) == ["cards": 1])
    }

    @Test("a floor counts by team and by level of its skill")
    func floors() {
        let floor = Floor(skill: "billing", level: 2, team: "day", least: 1)
        #expect(floor.counts(skills: ["billing": 2], team: "day"))
        #expect(!floor.counts(skills: ["billing": 1], team: "day"))
        #expect(!floor.counts(skills: ["billing": 2], team: "night"))
        #expect(!floor.counts(skills: ["billing": 2], team: nil))
        #expect(Floor(least: 1).counts(skills: .none, team: nil))
    }

    @Test("conditions on mood and history hold at their bounds and not beyond")
    func bounds() {
        var mood = MoodCondition()
        #expect(mood.isEmpty && mood.holds(trend: .rising, polarity: -1_000))
        mood.polarityBelow = -250
        mood.polarityAbove = -800
        #expect(mood.holds(trend: .steady, polarity: -251))
        #expect(!mood.holds(trend: .steady, polarity: -250))
        #expect(mood.holds(trend: .steady, polarity: -799))
        #expect(!mood.holds(trend: .steady, polarity: -800))
        mood.trends = [.easing]
        #expect(!mood.holds(trend: .steady, polarity: -500))
        #expect(mood.holds(trend: .easing, polarity: -500))
        var history = HistoryCondition()
        #expect(history.holds(badEpisodes: 0, sinceLast: nil))
        history.badEpisodes = 2
        #expect(!history.holds(badEpisodes: 1, sinceLast: 0) && history.holds(badEpisodes: 2, sinceLast: nil))
        history.returningWithin = 1_000
        #expect(!history.holds(badEpisodes: 2, sinceLast: nil))
        #expect(history.holds(badEpisodes: 2, sinceLast: 1_000))
        #expect(!history.holds(badEpisodes: 2, sinceLast: 1_001))
    }

    @Test("what a policy costs is counted before it is switched on")
    func cost() throws {
        #expect(
            BreakPolicy().expectedCost().words == "93 of 540: planned 60 unpaid, stress about 33 at 10 hard contacts")
        let brazil = try #require(Fixtures.presets["br-nr17"]).policy
        let cost = brazil.expectedCost(shift: .hours(6), hardContacts: 6)
        #expect(cost.words == "60 of 360: planned 40 paid, stress about 20 at 6 hard contacts")
    }

    @Test("a condition covers another when it holds wherever that one does")
    func covers() {
        var wide = Condition()
        var narrow = Condition()
        #expect(wide.covers(narrow))
        narrow.channels = [.chat]
        #expect(wide.covers(narrow) && !narrow.covers(wide))
        wide.channels = [.voice, .chat]
        #expect(wide.covers(narrow) && !narrow.covers(wide))
        wide.tags = [.init(tag: .distress, atLeast: 500)]
        #expect(!wide.covers(narrow))
        narrow.tags = [.init(tag: .distress, atLeast: 500), .init(tag: .family, atLeast: 100)]
        #expect(wide.covers(narrow))
        wide.tags = [.init(tag: .distress, atLeast: 501)]
        #expect(!wide.covers(narrow))
        wide.tags = []
        wide.safety = .possible
        #expect(!wide.covers(narrow))
        narrow.safety = .explicit
        #expect(wide.covers(narrow))
        wide.history.returningWithin = 10
        narrow.history.returningWithin = 11
        #expect(!wide.covers(narrow))
        narrow.history.returningWithin = 10
        #expect(wide.covers(narrow))
    }
}
