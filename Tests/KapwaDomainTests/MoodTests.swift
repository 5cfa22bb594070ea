import KapwaDomain
import Testing

/// One message in a few letters: what it scored, unhappy unless said otherwise.
private func message(
    frustration: Int = 0, distress: Int = 0, relief: Int = 0, abuse: Int = 0, polarity: Int? = nil,
    scored: Assessment.Confidence = .ok, _ fill: (inout Tags) -> Void = { _ in }
) -> Assessment {
    var found = Assessment()
    found.tags.frustration = Score(milli: frustration)
    found.tags.distress = Score(milli: distress)
    found.tags.relief = Score(milli: relief)
    found.tags.abuse = Score(milli: abuse)
    found.polarity = Score(milli: polarity ?? (found.tags.hardness >= .holds ? -400 : 0))
    found.scored = scored
    fill(&found.tags)
    return found
}

private func mood(_ messages: Assessment...) -> Mood {
    messages.reduce(Mood()) { mood, message in mood.adding(message) }
}

@Suite struct MoodTrendTests {
    private let calm = message()
    private let angry = message(frustration: 900)
    private let cross = message(frustration: 600)
    private let afraid = message(distress: 900)
    private let thanks = message(relief: 800)
    /// A complaint that may be none: it holds, but is not strong, and the message is not unhappy.
    private let unsure = message(frustration: 650, polarity: -49)
    /// A number, a name, another language: nothing that could be read.
    private let unread = message(scored: .low)

    @Test("the first message has no trend, however strained it is")
    func first() {
        #expect(mood(angry).trend == .steady)
        #expect(mood(afraid).trend == .steady)
        #expect(mood(thanks).trend == .steady)
    }

    @Test("a conversation without strain is steady, thanks or not")
    func calmThroughout() {
        #expect(mood(calm, calm, calm).trend == .steady)
        #expect(mood(calm, thanks, calm).trend == .steady)
        #expect(mood(message(frustration: 499), thanks).trend == .steady)
    }

    @Test("strain above the first message's is rising, and stays so for as long as it is above")
    func rising() {
        #expect(mood(calm, angry).trend == .rising)
        #expect(mood(calm, thanks, calm, afraid).trend == .rising)
        #expect(mood(calm, angry, angry, angry, angry).trend == .rising)
        #expect(mood(cross, angry).trend == .rising)
        #expect(mood(message(frustration: 600), message(frustration: 750)).trend == .rising)
        #expect(mood(message(frustration: 600), message(frustration: 749)).trend == .steady)
    }

    @Test("strain no greater than the first message's is steady: it was there all along")
    func steadyStrain() {
        #expect(mood(angry, angry, angry).trend == .steady)
        #expect(mood(angry, cross).trend == .steady)
        #expect(mood(angry, calm, angry).trend == .steady, "an answer in between ends no anger")
    }

    @Test("calm after strain is easing, however long it lasts")
    func easing() {
        #expect(mood(angry, calm).trend == .easing)
        #expect(mood(calm, afraid, calm, calm, calm, calm).trend == .easing)
        #expect(mood(message(frustration: 500, polarity: -50), message(frustration: 499)).trend == .easing)
    }

    @Test("thanks after strain relieve; calm after that stays relieved")
    func relieved() {
        #expect(mood(afraid, thanks).trend == .relieved)
        #expect(mood(angry, calm, thanks).trend == .relieved)
        #expect(mood(angry, thanks, calm, calm).trend == .relieved)
    }

    @Test("thanks confirm a strain that may have been none")
    func relievedOfUnsureStrain() {
        #expect(mood(unsure, calm, thanks).trend == .relieved)
        #expect(mood(message(frustration: 499), thanks).trend == .steady, "no strain at all")
    }

    @Test("thanks beside a strain as great, or beside a strong one, relieve nothing")
    func thanksWhileStrained() {
        #expect(mood(angry, message(frustration: 800, relief: 700)).trend == .steady)
        #expect(mood(angry, message(frustration: 700, relief: 800)).trend == .steady)
        #expect(mood(cross, message(frustration: 650, relief: 650)).trend == .steady)
        #expect(mood(calm, message(frustration: 900, relief: 800)).trend == .rising, "bitter thanks at the end")
        #expect(mood(angry, message(frustration: 650, relief: 800)).trend == .relieved)
    }

    @Test("strain after relief is rising, even where it does not reach the first message's")
    func relapse() {
        #expect(mood(angry, thanks, cross).trend == .rising)
        #expect(mood(angry, thanks, cross, angry).trend == .rising)
        #expect(mood(afraid, thanks, angry, thanks).trend == .relieved)
    }

    @Test("a message that could not be read leaves the trend as it was, and is never taken for calm")
    func unreadMessages() {
        #expect(mood(angry, unread).trend == .steady)
        #expect(mood(calm, angry, unread, unread).trend == .rising)
        #expect(mood(angry, thanks, unread).trend == .relieved)
        #expect(mood(angry, message(scored: .failed)).trend == .steady)
        #expect(mood(calm, message(frustration: 900, scored: .low)).trend == .rising, "what was read in it counts")
    }

    @Test("a strain that may be none, in a message that is not unhappy, moves no trend")
    func unsureMessages() {
        #expect(mood(calm, unsure).trend == .steady)
        #expect(mood(unsure, calm).trend == .steady)
        #expect(mood(unsure, calm, calm).trend == .steady)
        #expect(mood(angry, calm, unsure).trend == .easing)
        #expect(mood(angry, thanks, unsure).trend == .relieved)
        #expect(mood(calm, angry, unsure).trend == .rising)
        #expect(mood(calm, message(frustration: 650, polarity: -50)).trend == .rising, "unhappy, so it counts")
        #expect(mood(calm, message(frustration: 650, distress: 500, polarity: 0)).trend == .rising)
        #expect(mood(calm, message(abuse: 850, polarity: 0)).trend == .rising)
    }
}

@Suite struct MoodTagsTests {
    @Test("feelings fade by a fifth with each message, family does not")
    func fading() {
        let first = mood(
            message {
                $0.urgency = 1_000
                $0.family = 900
            })
        let second = first.adding(message())
        #expect(second.tags.urgency == 800)
        #expect(second.tags.family == 900)
        #expect(second.adding(message()).tags.urgency == 640)
    }

    @Test("nothing fades by a message that could not be read")
    func unreadFadesNothing() {
        #expect(mood(message(distress: 900), message(scored: .low)).tags.distress == 900)
        #expect(mood(message(distress: 900), message(scored: .failed)).tags.distress == 900)
    }

    @Test("a score takes the place of a lesser one that faded")
    func peaks() {
        #expect(mood(message(relief: 600), message(relief: 800)).tags.relief == 800)
        #expect(mood(message(relief: 800), message(relief: 600)).tags.relief == 640)
    }

    @Test("strain that follows strain weighs more: by a quarter of what is kept of what it lacks")
    func lasting() {
        // 690 + 310 × 552 / 1,000 / 4
        #expect(mood(message(frustration: 690), message(frustration: 690)).tags.frustration == 732)
        #expect(mood(message(distress: 650), message(frustration: 690)).tags.frustration == 730, "of either")
        #expect(mood(message(frustration: 650), message(distress: 650)).tags.distress == 695)
        #expect(mood(message(frustration: 1_000), message(frustration: 1_000)).tags.frustration == 1_000)
    }

    @Test("strain that follows calm, or a strain that has faded, weighs what it weighs")
    func alone() {
        #expect(mood(message(frustration: 620), message(frustration: 690)).tags.frustration == 690)
        #expect(mood(message(frustration: 690), message(), message(frustration: 690)).tags.frustration == 690)
        #expect(mood(message(frustration: 690), message(urgency: 600)).tags.urgency == 600)
    }

    @Test("relief takes frustration and distress down to what the message that shows it still has")
    func reliefEndsStrain() {
        let after = mood(message(distress: 900), message(frustration: 100, relief: 800))
        #expect(after.trend == .relieved)
        #expect(after.tags.distress == 100)
        #expect(after.tags.frustration == 100)
    }

    @Test("the peak is the greatest strain of any message; messages are counted")
    func peak() {
        let folded = mood(
            message(distress: 800), message(frustration: 600), message(frustration: 690, polarity: 200), message())
        #expect(folded.peak == 800)
        #expect(folded.messages == 4)
    }

    @Test("taking over a recorded mood counts as folding the message did")
    func recording() {
        let messages = [
            message(distress: 900), message(relief: 800), message(frustration: 650, polarity: 0),
            message(scored: .low), message(frustration: 900),
        ]
        var folded = Mood()
        var recorded = Mood()
        for message in messages {
            folded = folded.adding(message)
            recorded.record(message, tags: folded.tags, trend: folded.trend)
            #expect(recorded == folded)
        }
    }
}

private func message(urgency: Int) -> Assessment { message { $0.urgency = Score(milli: urgency) } }
