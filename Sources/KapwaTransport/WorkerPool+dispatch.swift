import KapwaDomain

extension WorkerPool {
    /// Whether anybody is here who could score something by this lexicon now or soon.
    func hasUsableWorker(of generation: Int, now: Milliseconds) -> Bool {
        workers.contains { $0.generation == generation && $0.stalledUntil <= now }
    }

    /// Gives waiting batches to workers with credit, each to the one with the least on its hands.
    mutating func dispatch(now: Milliseconds) {
        giveOut(now: now)
        retire(now: now)
    }

    private mutating func giveOut(now: Milliseconds) {
        if !workers.contains(where: { $0.stalledUntil <= now }) { return returnWaiting() }
        while true {
            if let id = head(of: \.waitingAgain), place(id, now: now) {
                _ = waitingAgain.popFirst()
            } else if let id = head(of: \.waitingBefore), place(id, now: now) {
                _ = waitingBefore.popFirst()
            } else if let id = head(of: \.waiting), place(id, now: now) {
                _ = waiting.popFirst()
            } else {
                return
            }
        }
    }

    /// Gives the batch to a worker, or returns it when all who are here have failed at it.
    /// - Returns: false when it has to wait for a worker that is busy.
    private mutating func place(_ id: UInt64, now: Milliseconds) -> Bool {
        guard let batch = batches[id], let generation = requests[batch.request]?.generation else { return true }
        if let index = leastLoaded(of: generation, except: batch.failedOn, now: now) {
            assign(id, to: index, now: now)
            return true
        }
        let isAwaited = workers.contains {
            $0.generation == generation && $0.stalledUntil <= now && !batch.failedOn.contains($0.number)
        }
        if isAwaited { return false }
        finish(id, with: nil)
        return true
    }

    /// A worker's answer to a batch. Late ones, and those that nobody waits for, only show that it lives.
    mutating func score(_ id: UInt64, _ assessments: FrameList, by index: Int, now: Milliseconds) {
        workers[index].stalledUntil = .min
        guard let batch = batches[id], batch.worker == workers[index].number else { return }
        guard assessments.count == batch.texts.count else {
            tally.rejected += 1
            return fail(id, on: workers[index].number, now: now)
        }
        release(id, from: workers[index].number)
        finish(id, with: assessments)
    }

    /// The batch was not scored by this worker: another gets it, or it comes back unscored.
    mutating func fail(_ id: UInt64, on number: UInt64, now: Milliseconds) {
        release(id, from: number)
        guard var batch = batches[id] else { return }
        batch.worker = nil
        batch.failedOn.append(number)
        batch.deadline = now + settings.batchMax
        batches[id] = batch
        guard batch.failedOn.count < settings.attemptsMax else { return finish(id, with: nil) }
        tally.moved += 1
        waitingAgain.append(id)
    }

    /// The batch is done; with its last one the request is.
    mutating func finish(_ id: UInt64, with assessments: FrameList?) {
        guard let batch = batches.removeValue(forKey: id), var request = requests.removeValue(forKey: batch.request)
        else { return }
        if let assessments {
            let failed = (0..<assessments.count).count { assessments.range($0).isEmpty }
            tally.scored += UInt64(assessments.count - failed)
            tally.unscored += UInt64(failed)
        } else {
            tally.unscored += UInt64(batch.texts.count)
        }
        request.parts[batch.part] = assessments ?? Self.unscored(batch.texts.count)
        request.partsOpen -= 1
        guard request.partsOpen == 0 else {
            requests[batch.request] = request
            return
        }
        var whole = FrameList()
        for part in request.parts.compactMap(\.self) { whole.append(part, frames: 0..<part.count) }
        actions.append(.completed(request: request.name, assessments: whole))
    }

    private mutating func assign(_ id: UInt64, to index: Int, now: Milliseconds) {
        guard var batch = batches[id], let request = requests[batch.request] else { return }
        batch.worker = workers[index].number
        batch.deadline = now + settings.batchMax
        batches[id] = batch
        workers[index].batches.insert(id)
        workers[index].texts += batch.texts.count
        workers[index].saidAt = now
        tally.batches += 1
        let frames = WorkerMessage.batch(id, texts: request.texts, range: batch.texts)
        actions.append(.send(to: workers[index].routing, frames))
    }

    private mutating func release(_ id: UInt64, from number: UInt64) {
        guard let index = workers.firstIndex(where: { $0.number == number }), let batch = batches[id],
            workers[index].batches.remove(id) != nil
        else { return }
        workers[index].texts -= batch.texts.count
    }

    private func leastLoaded(of generation: Int, except failed: [UInt64], now: Milliseconds) -> Int? {
        var best: Int?
        for index in workers.indices {
            let worker = workers[index]
            guard worker.generation == generation, worker.stalledUntil <= now,
                worker.batches.count < settings.batchesPerWorkerMax,
                !failed.contains(worker.number)
            else { continue }
            if let known = best, workers[known].texts <= worker.texts { continue }
            best = index
        }
        return best
    }

    /// Nobody is left: everything that waits goes back unscored.
    private mutating func returnWaiting() {
        while let id = waitingAgain.popFirst() ?? waitingBefore.popFirst() ?? waiting.popFirst() {
            if batches[id]?.worker == nil { finish(id, with: nil) }
        }
    }

    /// The first batch of a queue that still waits.
    private mutating func head(of queue: WritableKeyPath<Self, FIFO<UInt64>>) -> UInt64? {
        while !self[keyPath: queue].isEmpty {
            let id = self[keyPath: queue][0]
            if let batch = batches[id], batch.worker == nil { return id }
            _ = self[keyPath: queue].popFirst()
        }
        return nil
    }
}
