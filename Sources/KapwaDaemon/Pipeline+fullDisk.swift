import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaSentiment
import KapwaWire
import Logging

/// While there is no space: reads are answered, changes are refused, and time stands still for the state, because
/// nothing that a timer does could be made durable.
extension Pipeline {
    static let noSpace = Refusal(.unavailable, "the disk is full, nothing can be made durable; send it again later")

    /// Nothing of the batch happened: the state is made anew from the journal, every change is `unavailable`, and
    /// what was read of the lost state is read again.
    func lose(_ path: String, _ now: Instant) throws(JournalError) {
        noteFull(path, now)
        for place in routers.indices {
            let router = routers[place]
            let state = try replayer.state(of: router.state.tenant)
            var again = Router(
                state: state, rules: router.rules, lexicon: router.lexicon, version: KapwaVersion.current)
            again.resume(at: now)
            routers[place] = again
        }
        batch.events.removeAll()
        batch.remembered.removeAll()
        batch.rememberedByKey.removeAll()
        for index in batch.messages.indices {
            let caller = batch.messages[index].caller
            batch.messages[index].frames = batch.messages[index].frames.map { frame in
                switch frame {
                case .ready, .read: frame
                case .change(_, let id): .ready(replies.bytes(of: Reply(id: id, result: .failure(Self.noSpace))))
                case .look(_, let command): .ready(encode(command, look(command, from: caller, now), for: caller))
                }
            }
        }
    }

    private func noteFull(_ path: String, _ now: Instant) {
        around.logger.error("no space is left for the journal; changes are refused", metadata: ["path": "\(path)"])
        fullSince = fullSince ?? now
        nextProbe = now + .seconds(1)
    }

    /// Looks once a second whether there is space; then what was due meanwhile happens, and waiting rules take effect.
    func goOnIfThereIsSpace(_ now: Instant) throws(JournalError) {
        guard let since = fullSince, now >= nextProbe else { return }
        nextProbe = now + .seconds(1)
        do throws(JournalError) {
            try journal.probe()
        } catch .full {
            return
        }
        fullSince = nil
        around.logger.notice(
            "there is space for the journal again; changes are taken", metadata: ["full_ms": "\(now - since)"])
        // Leases could not be renewed meanwhile.
        for place in routers.indices { routers[place].resume(at: now) }
        if change != nil { try applyChange(now) }
        guard fullSince == nil else { return }
        for place in routers.indices { routers[place].tick(at: now) }
        try finish(now)
    }

    /// Lets the rules that wait take effect, if there is space; they wait on until there is.
    func applyChange(_ now: Instant) throws(JournalError) {
        let waiting = change
        // What was decided under the old rules is committed first, so that a full disk takes nothing but the change.
        try finish(now)
        change = waiting
        guard let waiting, fullSince == nil else { return }
        do throws(JournalError) {
            try writing { () throws(JournalError) in
                try journal.storeRules(text: waiting.text, hash: waiting.rules.hash)
            }
        } catch .full(let path) {
            noteFull(path, now)
            return
        }
        if scorer.lexicon.hash != waiting.lexicon.hash { scorer = Scorer(lexicon: waiting.lexicon) }
        for place in routers.indices {
            routers[place].change(to: waiting.rules, lexicon: waiting.lexicon.hash, by: waiting.by, at: now)
        }
        around.metrics.setQueues(waiting.rules)
    }
}
