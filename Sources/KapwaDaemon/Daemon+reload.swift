import Glibc
import KapwaDomain
import KapwaMetrics
import KapwaRules
import KapwaSentiment
import KapwaTransport
import Logging
import Synchronization

/// Rules and lexicons read again while the floor is busy.
extension Daemon {
    /// What was read last, and who scores by it.
    struct Reading {
        var rulesHash: String
        var lexicon: Lexicon
        var crew: ScoringCrew?
    }

    /// Reads keys, HTTP's token and certificate, rules, lexicons and overlays again. A fault in any file changes nothing, and is told with its place.
    ///
    /// Messages that were read before are scored and decided by what was in force then.
    public func reload() {
        keyWatch?.check()
        do throws(StartFailure) {
            try HTTPDoor.refresh(httpDoor, settings)
        } catch {
            logger.error("HTTP's token and certificate not changed: \(error)")
        }
        reading.withLock { reading in
            do throws(StartFailure) {
                try reload(&reading)
                metrics.set.rulesReloaded(successfully: true, at: DaemonClock.wall())
            } catch {
                metrics.set.rulesReloaded(successfully: false, at: DaemonClock.wall())
                let lines = error.description.split(separator: "\n")
                for line in lines.prefix(Self.errorsLoggedMax) {
                    logger.error("rules and lexicons not changed: \(line)")
                }
                if lines.count > Self.errorsLoggedMax {
                    let rest = lines.count - Self.errorsLoggedMax
                    logger.error("rules and lexicons not changed: and \(rest) more like these")
                }
            }
        }
    }

    /// A file with a hundred errors has said enough with ten.
    private static let errorsLoggedMax = 10

    private func reload(_ reading: inout Reading) throws(StartFailure) {
        let change = try readAgain(reading.lexicon)
        let before = reading
        // Also when the threads of the last change could not start.
        let needsCrew =
            change.lexicon !== reading.lexicon || (reading.crew == nil && settings.scoringThreads > 0)
        do throws(TransportError) {
            if needsCrew { reading.crew = try Self.crew(settings, transport, change.lexicon) }
        } catch {
            throw StartFailure(error)
        }
        intake.change(to: change)
        console.set(change)
        tell(change, before)
        reading.rulesHash = change.rules.hash
        reading.lexicon = change.lexicon
        guard needsCrew else { return }
        // Until they are there the router's thread scores what comes; so it does when they cannot start.
        do throws(TransportError) {
            try reading.crew?.start()
        } catch {
            reading.crew = nil
            logger.error("no scoring threads until the next reload, the router's thread scores: \(error)")
        }
        guard let old = before.crew else { return }
        // The daemon sends them away when they are through; nobody has to wait for that.
        _ = WorkerThread(name: "kapwa-farewell") { _ = old.join() }
    }

    /// Reads and checks the files behind everybody who decides and answers: on a machine that is busy anyway, a floor
    /// must not wait for them.
    private func readAgain(_ lexicon: Lexicon) throws(StartFailure) -> RulesChange {
        let (settings, logger) = (settings, logger)
        let reader = Meanwhile(name: "kapwa-reload") {
            // Of this thread alone; where it is refused the files are read like everything else.
            _ = setpriority(CInt(PRIO_PROCESS.rawValue), 0, 10)
            return Result { () throws(StartFailure) in
                try Loading.change(settings, current: lexicon, by: "reload", logger: logger)
            }
        }
        return try reader.take().get()
    }

    /// The threads of this process that score.
    static func crew(
        _ settings: Settings, _ transport: Transport, _ lexicon: Lexicon
    ) throws(TransportError) -> ScoringCrew? {
        guard settings.scoringThreads > 0 else { return nil }
        return try ScoringCrew(
            for: .here(transport), threads: settings.scoringThreads, version: KapwaVersion.current, lexicon: lexicon)
    }

    /// Says what a reload read.
    private func tell(_ change: RulesChange, _ before: Reading) {
        let (rules, lexicon) = (change.rules, change.lexicon)
        if let file = settings.rules {
            logger.notice(
                before.rulesHash == rules.hash ? "rules unchanged" : "rules read again",
                metadata: [
                    "file": "\(file)", "hash": "\(rules.hash)",
                    "queues": "\(rules.queues.map(\.id.rawValue).joined(separator: ", "))",
                    "routing": "\(rules.routingMode)", "breaks": "\(rules.breaksMode)",
                ])
        } else {
            logger.notice("there is no rules file to read again; the built-in rules stay, name one with --rules")
        }
        logger.notice(
            before.lexicon.hash == lexicon.hash ? "lexicons unchanged" : "lexicons read again",
            metadata: [
                "hash": "\(lexicon.hash)", "rows": "\(lexicon.count)",
                "overlays": "\(settings.overlays.joined(separator: ", "))",
            ])
    }
}
