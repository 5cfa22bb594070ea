import KapwaDomain

extension RuleDiff {
    mutating func queues(_ old: RuleSet, _ new: RuleSet) {
        if let before = old.queues.first?.id, let after = new.queues.first?.id, before != after {
            say("queues: what no route claims goes to \(after) instead of \(before)")
        }
        for queue in old.queues where new.queue(queue.id) == nil { say("queue \(queue.id): is gone") }
        for queue in new.queues {
            if let before = old.queue(queue.id) {
                self.queue(before, queue)
            } else {
                say("queue \(queue.id): is new, and needs \(RuleLints.words(queue.needs))")
                self.queue(Queue(id: queue.id, needs: queue.needs), queue)
            }
        }
    }

    private mutating func queue(_ old: Queue, _ new: Queue) {
        let name = "queue \(new.id):"
        needs(name, old.needs, new.needs)
        steps(name, old.steps, new.steps)
        changed({ "\(name) \($0.rawValue) is to be answered within" }, old.target, new.target)
        changed("\(name) the target is for", old.targetShare, new.targetShare, Words.share)
        changed("\(name) a wait is given up after", old.maxWait, new.maxWait, Words.time)
        changed({ "\(name) wrap-up of \($0.rawValue) ends after" }, old.wrapupLimit, new.wrapupLimit)
        changed("\(name) wrap-up keeps the agent from offers:", old.exclusive, new.exclusive) { $0 ? "yes" : "no" }
        changed("\(name) conversations that may wait:", old.maxLength, new.maxLength)
        switch (old.offerTimeout, new.offerTimeout) {
        case (let before?, let after?): changed({ "\(name) an offer by \($0.rawValue) stands" }, before, after)
        case (nil, let after?):
            say(
                "\(name) has offer timeouts of its own, chat \(Words.time(after.chat)), "
                    + "voice \(Words.time(after.voice)), email \(Words.time(after.email))")
        case (_?, nil): say("\(name) offers stand as long as everywhere")
        case (nil, nil): break
        }
        changed("\(name) is served", old.hours, new.hours, Words.hours)
    }

    private mutating func needs(_ name: String, _ old: Skills, _ new: Skills) {
        for need in old.entries where new.level(of: need.skill) == 0 { say("\(name) needs \(need.skill) no longer") }
        for need in new.entries {
            let level = old.level(of: need.skill)
            if level == 0 { say("\(name) needs \(need.skill) \(need.level) besides") }
            if level > 0 { changed("\(name) needs \(need.skill)", level, need.level) }
        }
    }

    private mutating func steps(_ name: String, _ old: [Step], _ new: [Step]) {
        for place in 0..<max(old.count, new.count) {
            let which = "\(name) the \(Words.ordinal(place)) step"
            guard place < new.count else {
                say("\(which) is gone, \(Words.step(old[place]))")
                continue
            }
            guard place < old.count else {
                say("\(which) is new, \(Words.step(new[place]))")
                continue
            }
            let (before, after) = (old[place], new[place])
            changed("\(which) now begins after", before.after, after.after, Words.time)
            if before.lower != after.lower || before.drop != after.drop {
                say("\(which) now \(Words.relaxes(after)) instead of what it did, \(Words.relaxes(before))")
            }
        }
    }
}

extension Queue {
    fileprivate init(id: QueueID, needs: Skills) {
        self.init(id: id)
        self.needs = needs
    }
}
