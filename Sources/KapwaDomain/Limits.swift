/// Every bound that Kapwa keeps, in one place; a queue, list or text without a row here is a defect.
public enum Limits {
    // MARK: Wire

    public static let framesPerMessageMax = 1_000
    public static let commandBytesMax = 64 * 1_024
    /// A frame above this cuts the connection (`ZMQ_MAXMSGSIZE`).
    public static let frameBytesMax = 1_024 * 1_024
    public static let messageBytesMax = 4 * 1_024 * 1_024
    public static let jsonDepthMax = 8
    public static let identifierBytesMax = 128
    public static let tenantBytesMax = 32
    /// Names, topics and reasons.
    public static let labelBytesMax = 256
    public static let textBytesMax = 32 * 1_024
    public static let commentBytesMax = 4 * 1_024
    public static let skillsMax = 64
    public static let skillLevels = 1...5
    public static let attributesMax = 32
    public static let capacities = 1...1_000
    public static let priorities = 0...100
    public static let leaseSeconds: ClosedRange<Int> = 10...3_600
    public static let breakMinutes = 1...240
    public static let shiftMax: Milliseconds = .hours(24)
    /// How far ahead a shift may be announced.
    public static let shiftAheadMax: Milliseconds = .days(31)
    public static let incidentMax: Milliseconds = .hours(4)
    public static let csat = 1...5
    public static let nps = 0...10
    /// How far ahead of the daemon's clock a sender's `at` may lie.
    public static let clockSkewMax: Milliseconds = .minutes(5)
    public static let retryAfter: ClosedRange<Milliseconds> = 100...30_000
    public static let listsMax = 64

    // MARK: Reads

    public static let eventsPerReadDefault = 1_000
    public static let eventsPerReadMax = 10_000
    public static let readReplyBytesMax = 1_024 * 1_024
    public static let readWaitMax: Milliseconds = .seconds(30)
    public static let readWaitersMax = 1_000
    /// Of one peer: nobody takes the others' places.
    public static let readWaitersPerPeerMax = 64
    /// Bytes of all `events.read` replies of one message; what comes beyond is to be asked again.
    public static let readBytesPerMessageMax = 4 * readReplyBytesMax
    /// `state.read` of one message, each of which may walk over all that is open; what comes beyond, or after
    /// ``readBytesPerMessageMax`` bytes of rows, is to be asked again.
    public static let stateReadsPerMessageMax = 32
    /// Commands of messages with an `events.read` in them that wait for the journal; above, the reads are refused.
    public static let readCommandsWaitingMax = 20_000
    public static let rowsPerReadDefault = 100
    public static let rowsPerReadMax = 1_000

    // MARK: Pipeline

    /// Commands between the sockets and the router. Openings are refused at 60 %, most else at 90 %.
    public static let mailboxCommandsMax = 20_000
    public static let mailboxOpeningsRatio = 0.60
    public static let mailboxMostRatio = 0.90
    /// Commands that the router decides before it commits.
    public static let batchCommandsMax = 1_024
    public static let repliesPerPeerMax = 20_000
    public static let workersMax = 256

    // MARK: Transport

    /// Peers of the command socket that are remembered at the same time.
    public static let peersMax = 16_384
    /// A peer that is silent for this long, and has nothing to get, is forgotten.
    public static let peerIdleMax: Milliseconds = .minutes(10)
    /// Messages that one connection may have waiting before its sender is held up.
    public static let messagesPerPeerWaitingMax = 256
    /// Messages, and bytes, that are taken from a socket before the others get their turn.
    public static let messagesPerTurnMax = 1_024
    public static let bytesPerTurnMax = 4 * 1_024 * 1_024
    /// What may come over one connection without a whole message among it; above, the connection is cut.
    public static let unfinishedBytesMax = 16 * 1_024 * 1_024
    /// Bytes of replies that a peer may leave unread; above, its connection is cut.
    public static let unreadBytesPerPeerMax = 32 * 1_024 * 1_024
    public static let subscriptionBytesMax = 1_024
    /// Topics of one connection.
    public static let subscriptionsPerConnectionMax = 10_000
    /// Events that wait for one slow subscriber.
    public static let eventsPerSubscriberMax = 10_000
    /// Texts that one worker gets at once, and batches that it may have unanswered.
    public static let textsPerBatchMax = 64
    public static let batchesPerWorkerMax = 2
    /// Batches that wait for a worker; what comes beyond is returned unscored.
    public static let scoringBatchesMax = 4_096

    // MARK: Idempotency

    public static let rememberedCommandsMax = 1_000_000
    public static let rememberedFor: Milliseconds = .hours(24)

    // MARK: Routing

    public static let tenantsMax = 64
    public static let agentsMax = 100_000
    public static let conversationsMax = 1_000_000
    public static let closedConversationsMax = 1_000_000
    public static let queuesMax = 1_000
    public static let pointsMax = 240
    /// Agents and conversations that one round of matching looks at.
    public static let matchingRoundMax = 200
    /// Sets of needs that are remembered while nothing waits with them.
    public static let idleNeedsMax = 1_024
    /// Agents of one team over whom the mean share of hard contacts is taken.
    public static let teamSampleMax = 256
    /// Waits between two services of a queue from which the next wait is estimated.
    public static let serviceIntervalsMax = 64
    /// Thousandths of the ready agents who meet the needs that may be reserved for one queue; one always may.
    public static let reservedShareMax = 200
    public static let reservationMax: Milliseconds = .minutes(10)
    public static let hardContactsRememberedMax = 256
    public static let barsPerConversationMax = 1_000
    /// Offers that are over and can still be answered late.
    public static let endedOffersMax = 100_000
    /// Contacts of one agent that are over and can still be reported.
    public static let endedContactsRememberedMax = 8
    /// Episodes of one customer that went badly.
    public static let badEpisodesRememberedMax = 8
    /// Times at which one agent said "that was hard".
    public static let reportsRememberedMax = 64
    /// Customers and agents who are kept apart at once; of more, the oldest is forgotten.
    public static let aversionsMax = 100_000
    /// Follow-ups that are owed at once; of more, the oldest is forgotten.
    public static let followupsMax = 100_000
    /// Incidents that last at once.
    public static let incidentsMax = 32
    /// How often an unacknowledged safety flag is told: one round a minute for an hour.
    public static let safetyRoundsMax = 60
    /// How long after its end a conversation can be commented on.
    public static let feedbackWithin: Milliseconds = .days(30)

    // MARK: Sentiment

    public static let lexiconRowsMax = 200_000
    public static let lexiconFileBytesMax = 32 * 1_024 * 1_024
    public static let lexiconLineBytesMax = 8 * 1_024
    /// Ways to read all terms of a lexicon, their alternatives spelled out.
    public static let lexiconReadingsMax = 400_000
    public static let lexiconOverlaysMax = 100
    public static let evidencePerMessageMax = 32
    public static let safetyFlagsPerMessageMax = 8
    /// Words of one lexicon phrase.
    public static let phraseWordsMax = 12
    public static let rulesFileBytesMax = 1_024 * 1_024
    /// A site's own figures for simulation, as a file.
    public static let historyFileBytesMax = 16 * 1_024 * 1_024
    public static let historyRowsMax = 100_000

    // MARK: Rules

    public static let routesMax = 1_000
    public static let pointRulesMax = 64
    public static let stepsPerQueueMax = 16
    public static let floorsMax = 256
    public static let teamsMax = 1_000
    public static let playbooksMax = 64
    public static let namedShiftsMax = 64
    public static let safetyEscalationMax = 16
    public static let plannedBreakRulesMax = 16
    public static let plannedBreaksPerShiftMax = 64
    /// Days with hours of their own.
    public static let exceptionalDaysMax = 366
    /// Intervals in which a queue is open on one day.
    public static let openIntervalsPerDayMax = 8
    /// Thousandths of a hard contact; after six a break is overdue, whatever a file says.
    public static let breakThresholds = 500...6_000
    public static let stressBreakMinutesMin = 5
    /// From owed to the latest start.
    public static let breakWindowMax: Milliseconds = .minutes(30)
    /// By how much an agent may move a break.
    public static let postponementMax: Milliseconds = .minutes(15)
    /// A shorter meal is working time, and paid.
    public static let unpaidMealMinutesMin = 60
    public static let presetsMax = 64
    /// Of one file of cases.
    public static let casesMax = 1_000
    public static let caseAgentsMax = 1_000
    /// Milli-contacts that a case may put on a ledger.
    public static let caseLedgerMax = 20_000
    public static let presetFileBytesMax = 64 * 1_024

    // MARK: Journal

    /// Pages of 4 KiB in the write-ahead log above which it is moved into the main file.
    public static let journalCheckpointPages = 1_000
    /// Salts that the writer keeps at hand; what is not there is read from the file.
    public static let journalSubjectsCachedMax = 100_000
    /// Entries that one read looks at, matching or not.
    public static let eventsExaminedPerReadMax = 50_000
    /// Readers of the journal at work at once; one more waits.
    public static let journalReadersMax = 4

    /// For how long events are kept where a configuration says so.
    public static let journalKeep: ClosedRange<Milliseconds> = .days(1)...(.days(3_650))
    /// Events that are deleted at a time, at least: each time a snapshot stands for them.
    public static let trimAtLeast: Int64 = 10_000
    /// How long evidence is kept at least and at most, and where nothing is said.
    public static let evidenceKeep: ClosedRange<Milliseconds> = .days(1)...(.days(3_650))
    public static let evidenceKeepDefault: Milliseconds = .days(30)
    /// How long what weighed on agents and the danger that customers were in can be read, at least and at most, and where
    /// nothing is said.
    public static let sensitiveKeep: ClosedRange<Milliseconds> = .days(1)...(.days(3_650))
    public static let sensitiveKeepDefault: Milliseconds = .days(30)
    /// Events after which a snapshot is taken: a start replays about so many at most.
    public static let snapshotEvents = 1...100_000_000
    public static let snapshotEventsDefault = 50_000
    /// Time after which one is taken if there was any event.
    public static let snapshotEvery: ClosedRange<Milliseconds> = .seconds(10)...(.days(7))
    public static let snapshotEveryDefault: Milliseconds = .minutes(10)

    // MARK: HTTP

    public static let httpConnectionsMax = 256
    public static let httpHeadersMax = 64
    public static let httpHeaderBytesMax = 16 * 1_024
    /// A connection that says nothing for so long is closed.
    public static let httpIdleMax: Milliseconds = .seconds(10)
    /// Nothing is asked with a body; so much of one is read over before the connection is ended.
    public static let httpBodyBytesMax = 64 * 1_024
    /// Refusals of one address within the window, after which each ends its connection.
    public static let httpFailuresMax = 20
    public static let httpFailureWindow: Milliseconds = .seconds(60)
    /// Addresses whose refusals are counted at once.
    public static let httpFailureAddressesMax = 1_024
    public static let httpNamesMax = 32
    public static let httpTokenBytes = 32...1_024
    public static let httpCertificateBytesMax = 256 * 1_024

    // MARK: Keys

    public static let keysMax = 10_000
    public static let keyNameBytesMax = 64
    public static let keyFileBytesMax = 64 * 1_024
    /// Queues, and agents, that one key is bound to.
    public static let keyBindingsMax = 1_000
    /// Peers not let in that the log names in one second; all are counted.
    public static let authNoticesPerSecondMax = 5

    // MARK: Metrics

    /// Series of one family; what comes after is counted under `other="true"`.
    public static let seriesPerFamilyMax = 1_000
}
