import KapwaDomain
import Testing

@Suite struct MoodTests {
    private func tags(_ fill: (inout Tags) -> Void) -> Tags {
        var tags = Tags()
        fill(&tags)
        return tags
    }

    private func trend(_ strains: [Int], relief: Int = 0) -> Mood.Trend {
        var mood = Mood()
        for (index, strain) in strains.enumerated() {
            mood = mood.adding(
                tags {
                    $0.frustration = Score(milli: strain)
                    if index == strains.count - 1 { $0.relief = Score(milli: relief) }
                })
        }
        return mood.trend
    }

    @Test("strain above what was so far rises; as before it is steady; calm after it eases; thanks after it relieve")
    func trends() {
        #expect(trend([800]) == .steady)
        #expect(trend([100, 800]) == .rising)
        #expect(trend([800, 800, 800]) == .steady)
        #expect(trend([800, 100]) == .easing)
        #expect(trend([800, 0], relief: 700) == .relieved)
        #expect(trend([0, 0], relief: 700) == .steady, "thanks after nothing bad is no relief")
        #expect(trend([800, 700], relief: 700) == .steady, "thanks while still strained are none")
    }

    @Test("who was relieved stays so while calm")
    func staysRelieved() {
        var mood = Mood()
        for (strain, relief) in [(800, 0), (0, 800), (0, 0)] {
            mood = mood.adding(
                tags {
                    $0.distress = Score(milli: strain)
                    $0.relief = Score(milli: relief)
                })
        }
        #expect(mood.trend == .relieved)
        #expect(mood.tags.distress < .holds)
    }

    @Test("feelings fade by a fifth with each message, family does not")
    func fading() {
        let first = Mood().adding(
            tags {
                $0.urgency = 1_000
                $0.family = 900
            })
        let second = first.adding(Tags())
        #expect(second.tags.urgency == 800)
        #expect(second.tags.family == 900)
    }

    @Test("taking over a recorded mood counts as folding the message did")
    func recording() {
        let message = tags { $0.distress = 900 }
        let folded = Mood().adding(message)
        var recorded = Mood()
        recorded.record(message, tags: folded.tags, trend: folded.trend)
        #expect(recorded == folded)
    }
}
