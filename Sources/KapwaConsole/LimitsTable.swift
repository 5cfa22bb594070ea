import KapwaDomain

/// Every row of ``Limits`` under its name, for `/v1/limits`.
enum LimitsTable {
    enum Value: Encodable, Equatable {
        case whole(Int64)
        case share(Double)
        case range(Int64, Int64)

        init(_ value: Int) { self = .whole(Int64(value)) }
        init(_ value: Milliseconds) { self = .whole(value) }
        init(_ value: Double) { self = .share(value) }
        init(_ range: ClosedRange<Int>) { self = .range(Int64(range.lowerBound), Int64(range.upperBound)) }
        init(_ range: ClosedRange<Milliseconds>) { self = .range(range.lowerBound, range.upperBound) }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .whole(let value): try container.encode(value)
            case .share(let value): try container.encode(value)
            case .range(let least, let most): try container.encode(["least": least, "most": most])
            }
        }
    }

    /// Names as the wire writes them; lengths of time end in `_ms`.
    static let values: [String: Value] = [
        "frames_per_message_max": Value(Limits.framesPerMessageMax),
        "command_bytes_max": Value(Limits.commandBytesMax),
        "frame_bytes_max": Value(Limits.frameBytesMax),
        "message_bytes_max": Value(Limits.messageBytesMax),
        "json_depth_max": Value(Limits.jsonDepthMax),
        "identifier_bytes_max": Value(Limits.identifierBytesMax),
        "tenant_bytes_max": Value(Limits.tenantBytesMax),
        "label_bytes_max": Value(Limits.labelBytesMax),
        "text_bytes_max": Value(Limits.textBytesMax),
        "comment_bytes_max": Value(Limits.commentBytesMax),
        "skills_max": Value(Limits.skillsMax),
        "skill_levels": Value(Limits.skillLevels),
        "attributes_max": Value(Limits.attributesMax),
        "capacities": Value(Limits.capacities),
        "priorities": Value(Limits.priorities),
        "lease_seconds": Value(Limits.leaseSeconds),
        "break_minutes": Value(Limits.breakMinutes),
        "shift_max": Value(Limits.shiftMax),
        "shift_ahead_max": Value(Limits.shiftAheadMax),
        "incident_max": Value(Limits.incidentMax),
        "csat": Value(Limits.csat),
        "nps": Value(Limits.nps),
        "clock_skew_max_ms": Value(Limits.clockSkewMax),
        "retry_after_ms": Value(Limits.retryAfter),
        "lists_max": Value(Limits.listsMax),
        "events_per_read_default": Value(Limits.eventsPerReadDefault),
        "events_per_read_max": Value(Limits.eventsPerReadMax),
        "read_reply_bytes_max": Value(Limits.readReplyBytesMax),
        "read_wait_max_ms": Value(Limits.readWaitMax),
        "read_waiters_max": Value(Limits.readWaitersMax),
        "read_bytes_per_message_max": Value(Limits.readBytesPerMessageMax),
        "read_commands_waiting_max": Value(Limits.readCommandsWaitingMax),
        "rows_per_read_default": Value(Limits.rowsPerReadDefault),
        "rows_per_read_max": Value(Limits.rowsPerReadMax),
        "mailbox_commands_max": Value(Limits.mailboxCommandsMax),
        "mailbox_openings_ratio": Value(Limits.mailboxOpeningsRatio),
        "mailbox_most_ratio": Value(Limits.mailboxMostRatio),
        "batch_commands_max": Value(Limits.batchCommandsMax),
        "replies_per_peer_max": Value(Limits.repliesPerPeerMax),
        "workers_max": Value(Limits.workersMax),
        "peers_max": Value(Limits.peersMax),
        "unread_bytes_per_peer_max": Value(Limits.unreadBytesPerPeerMax),
        "peer_idle_max_ms": Value(Limits.peerIdleMax),
        "messages_per_peer_waiting_max": Value(Limits.messagesPerPeerWaitingMax),
        "messages_per_turn_max": Value(Limits.messagesPerTurnMax),
        "bytes_per_turn_max": Value(Limits.bytesPerTurnMax),
        "unfinished_bytes_max": Value(Limits.unfinishedBytesMax),
        "subscription_bytes_max": Value(Limits.subscriptionBytesMax),
        "events_per_subscriber_max": Value(Limits.eventsPerSubscriberMax),
        "texts_per_batch_max": Value(Limits.textsPerBatchMax),
        "batches_per_worker_max": Value(Limits.batchesPerWorkerMax),
        "scoring_batches_max": Value(Limits.scoringBatchesMax),
        "remembered_commands_max": Value(Limits.rememberedCommandsMax),
        "remembered_for_ms": Value(Limits.rememberedFor),
        "tenants_max": Value(Limits.tenantsMax),
        "agents_max": Value(Limits.agentsMax),
        "conversations_max": Value(Limits.conversationsMax),
        "closed_conversations_max": Value(Limits.closedConversationsMax),
        "queues_max": Value(Limits.queuesMax),
        "points_max": Value(Limits.pointsMax),
        "matching_round_max": Value(Limits.matchingRoundMax),
        "idle_needs_max": Value(Limits.idleNeedsMax),
        "team_sample_max": Value(Limits.teamSampleMax),
        "service_intervals_max": Value(Limits.serviceIntervalsMax),
        "reserved_share_max": Value(Limits.reservedShareMax),
        "reservation_max_ms": Value(Limits.reservationMax),
        "hard_contacts_remembered_max": Value(Limits.hardContactsRememberedMax),
        "bars_per_conversation_max": Value(Limits.barsPerConversationMax),
        "ended_offers_max": Value(Limits.endedOffersMax),
        "ended_contacts_remembered_max": Value(Limits.endedContactsRememberedMax),
        "bad_episodes_remembered_max": Value(Limits.badEpisodesRememberedMax),
        "reports_remembered_max": Value(Limits.reportsRememberedMax),
        "aversions_max": Value(Limits.aversionsMax),
        "followups_max": Value(Limits.followupsMax),
        "incidents_max": Value(Limits.incidentsMax),
        "safety_rounds_max": Value(Limits.safetyRoundsMax),
        "feedback_within_ms": Value(Limits.feedbackWithin),
        "lexicon_rows_max": Value(Limits.lexiconRowsMax),
        "lexicon_file_bytes_max": Value(Limits.lexiconFileBytesMax),
        "lexicon_line_bytes_max": Value(Limits.lexiconLineBytesMax),
        "lexicon_readings_max": Value(Limits.lexiconReadingsMax),
        "lexicon_overlays_max": Value(Limits.lexiconOverlaysMax),
        "evidence_per_message_max": Value(Limits.evidencePerMessageMax),
        "safety_flags_per_message_max": Value(Limits.safetyFlagsPerMessageMax),
        "phrase_words_max": Value(Limits.phraseWordsMax),
        "rules_file_bytes_max": Value(Limits.rulesFileBytesMax),
        "history_file_bytes_max": Value(Limits.historyFileBytesMax),
        "history_rows_max": Value(Limits.historyRowsMax),
        "routes_max": Value(Limits.routesMax),
        "point_rules_max": Value(Limits.pointRulesMax),
        "steps_per_queue_max": Value(Limits.stepsPerQueueMax),
        "floors_max": Value(Limits.floorsMax),
        "teams_max": Value(Limits.teamsMax),
        "playbooks_max": Value(Limits.playbooksMax),
        "named_shifts_max": Value(Limits.namedShiftsMax),
        "safety_escalation_max": Value(Limits.safetyEscalationMax),
        "planned_break_rules_max": Value(Limits.plannedBreakRulesMax),
        "planned_breaks_per_shift_max": Value(Limits.plannedBreaksPerShiftMax),
        "exceptional_days_max": Value(Limits.exceptionalDaysMax),
        "open_intervals_per_day_max": Value(Limits.openIntervalsPerDayMax),
        "break_thresholds": Value(Limits.breakThresholds),
        "stress_break_minutes_min": Value(Limits.stressBreakMinutesMin),
        "break_window_max_ms": Value(Limits.breakWindowMax),
        "postponement_max_ms": Value(Limits.postponementMax),
        "unpaid_meal_minutes_min": Value(Limits.unpaidMealMinutesMin),
        "cases_max": Value(Limits.casesMax),
        "case_agents_max": Value(Limits.caseAgentsMax),
        "case_ledger_max": Value(Limits.caseLedgerMax),
        "presets_max": Value(Limits.presetsMax),
        "preset_file_bytes_max": Value(Limits.presetFileBytesMax),
        "journal_checkpoint_pages": Value(Limits.journalCheckpointPages),
        "journal_subjects_cached_max": Value(Limits.journalSubjectsCachedMax),
        "events_examined_per_read_max": Value(Limits.eventsExaminedPerReadMax),
        "journal_readers_max": Value(Limits.journalReadersMax),
        "http_connections_max": Value(Limits.httpConnectionsMax),
        "http_headers_max": Value(Limits.httpHeadersMax),
        "http_header_bytes_max": Value(Limits.httpHeaderBytesMax),
        "http_idle_max_ms": Value(Limits.httpIdleMax),
        "series_per_family_max": Value(Limits.seriesPerFamilyMax),
    ]
}
