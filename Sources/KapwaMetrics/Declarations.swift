/// The names, help texts and labels of all families, in one place.
struct Declarations {
    let registry: MetricRegistry

    var buildInfo: MetricFamily<GaugeSeries> {
        registry.info("kapwa_build_info", "The version that is running.", labels: ["version"])
    }
    var conversations: MetricFamily<GaugeSeries> {
        registry.gauge("kapwa_conversations", "Conversations by the state of their episode.", labels: ["state"])
    }
    var conversationsOpened: MetricFamily<CounterSeries> {
        registry.counter("kapwa_conversations_opened_total", "Episodes of conversations that were opened.")
    }
    var conversationsClosed: MetricFamily<CounterSeries> {
        registry.counter(
            "kapwa_conversations_closed_total", "Episodes of conversations that ended, by outcome.", labels: ["outcome"]
        )
    }
    var queueConversations: MetricFamily<GaugeSeries> {
        registry.gauge("kapwa_queue_conversations", "Conversations that wait in a queue.", labels: ["queue"])
    }
    var conversationWait: MetricFamily<HistogramSeries> {
        registry.histogram(
            "kapwa_conversation_wait_seconds", "From queueing to assignment.", labels: ["queue"], buckets: .waits)
    }
    var offers: MetricFamily<CounterSeries> {
        registry.counter("kapwa_offers_total", "Offers to agents, by what became of them.", labels: ["result"])
    }
    var agents: MetricFamily<GaugeSeries> {
        registry.gauge("kapwa_agents", "Agents by what their presence amounts to.", labels: ["state"])
    }
    var breaksOpen: MetricFamily<GaugeSeries> {
        registry.gauge("kapwa_breaks_open", "Breaks that are planned, owed or running.", labels: ["state"])
    }
    var breaksOwed: MetricFamily<CounterSeries> {
        registry.counter("kapwa_breaks_owed_total", "Breaks that became owed, by kind.", labels: ["kind"])
    }
    var breaksStarted: MetricFamily<CounterSeries> {
        registry.counter("kapwa_breaks_started_total", "Breaks that began, by kind.", labels: ["kind"])
    }
    var breaksLate: MetricFamily<CounterSeries> {
        registry.counter("kapwa_breaks_late_total", "Breaks that began after their latest start.", labels: ["cause"])
    }
    var breakLateness: MetricFamily<HistogramSeries> {
        registry.histogram("kapwa_break_late_seconds", "How late a late break began.", buckets: .lateness)
    }
    var messagesScored: MetricFamily<CounterSeries> {
        registry.counter(
            "kapwa_messages_scored_total", "Messages from customers, by how far their scores can be trusted.",
            labels: ["scored"])
    }
    var messagesTagged: MetricFamily<CounterSeries> {
        registry.counter("kapwa_messages_tagged_total", "Messages in which a tag holds.", labels: ["tag"])
    }
    var safetyFlags: MetricFamily<CounterSeries> {
        registry.counter(
            "kapwa_safety_flags_total", "Signs that somebody is in danger.", labels: ["kind", "level"])
    }
    var workers: MetricFamily<GaugeSeries> {
        registry.gauge("kapwa_workers", "Scoring workers by what they do.", labels: ["state"])
    }
    var commands: MetricFamily<CounterSeries> {
        registry.counter("kapwa_commands_total", "Commands by type and answer.", labels: ["type", "result"])
    }
    var wireRejected: MetricFamily<CounterSeries> {
        registry.counter("kapwa_wire_rejected_total", "Frames that did not become a command.", labels: ["reason"])
    }
    var mailboxFill: MetricFamily<GaugeSeries> {
        registry.gauge("kapwa_mailbox_fill_ratio", "How full the mailbox of the router is, 0 to 1.")
    }
    var decide: MetricFamily<HistogramSeries> {
        registry.histogram("kapwa_decide_seconds", "Deciding one batch of commands.", buckets: .nanoseconds)
    }
    var commit: MetricFamily<HistogramSeries> {
        registry.histogram("kapwa_commit_seconds", "Committing one batch of events to disk.", buckets: .commits)
    }
    var commitBatch: MetricFamily<HistogramSeries> {
        registry.histogram("kapwa_commit_batch_events", "Events of one commit.", buckets: .batches)
    }
    var journalSequences: MetricFamily<GaugeSeries> {
        registry.gauge(
            "kapwa_journal_sequence", "The last sequence number of the journal.", labels: ["tenant"])
    }
    var journalSynchronous: MetricFamily<GaugeSeries> {
        registry.gauge(
            "kapwa_journal_synchronous", "The setting of the journal as read back; 2 waits for the disk.")
    }
    var journalSnapshots: MetricFamily<CounterSeries> {
        registry.counter(
            "kapwa_journal_snapshots_total", "Snapshots for the next start, by what became of them.", labels: ["result"]
        )
    }
    var journalEventsBehindSnapshot: MetricFamily<GaugeSeries> {
        registry.gauge(
            "kapwa_journal_events_behind_snapshot",
            "Events after the newest snapshot: a start now replays them. Of the tenant that has most.")
    }
    var mode: MetricFamily<GaugeSeries> {
        registry.info(
            "kapwa_mode_info", "Whether Kapwa decides (enforce), says so to agents (advise) or to nobody (observe).",
            labels: ["routing", "breaks"])
    }
    var teamMode: MetricFamily<GaugeSeries> {
        registry.info(
            "kapwa_team_mode_info", "The same of each team whose rules name a mode of its own.",
            labels: ["team", "routing", "breaks"])
    }
    var rulesReloaded: MetricFamily<GaugeSeries> {
        registry.gauge(
            "kapwa_rules_last_reload_successful", "Whether the last reading of rules and lexicons went well.")
    }
    var rulesReloadedAt: MetricFamily<GaugeSeries> {
        registry.gauge(
            "kapwa_rules_last_reload_success_timestamp_seconds",
            "When rules and lexicons were last read well, since 1970.")
    }
}
