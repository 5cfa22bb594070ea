import Foundation
import KapwaDomain
package import KapwaJournal
import KapwaSimulation

/// A journal at work on a disk whose power goes again and again, and what must be true each time it is back.
///
/// One seed is one history: what is written, when the power goes and what the disk keeps follow from it.
public struct PowerCutRun {
    public struct Report: Sendable {
        public var cuts = 0
        public var acknowledged: Int64 = 0
        /// The first thing that was not as promised.
        public var failure: String?
    }

    private let seed: UInt64
    private let place: String
    private let synchronous: SQLiteJournal.Synchronous
    private var random: SeededGenerator
    private var truth = PowerCutTruth()
    private var report = Report()

    /// - Parameters:
    ///   - place: a directory of this run alone; it is made, and removed at the end.
    ///   - synchronous: with anything but `.full` the run is expected to find losses.
    package init(seed: UInt64, place: String, synchronous: SQLiteJournal.Synchronous = .full) {
        self.seed = seed
        self.place = place
        self.synchronous = synchronous
        random = SeededGenerator(seed: seed)
    }

    /// Plays so many cuts, one after the other on what the last one left.
    public mutating func play(cuts: Int) -> Report {
        defer { try? FileManager.default.removeItem(atPath: place) }
        var directory = place + "/0"
        do {
            for cut in 1...cuts where report.failure == nil {
                let next = place + "/\(cut)"
                try generation(in: directory, next: next)
                try? FileManager.default.removeItem(atPath: directory)
                directory = next
                report.cuts += 1
            }
        } catch {
            report.failure = "seed \(seed), cut \(report.cuts + 1): \(error)"
        }
        report.acknowledged = truth.head
        return report
    }

    /// Works until the power goes, then looks at what is left.
    private mutating func generation(in directory: String, next: String) throws {
        // Opening alone takes some operations; most cuts should come in the midst of work.
        let reach = random.pick([20, 60, 200, 500])
        PowerCutDisk.arm(directory, cutAt: random.pick(1...reach), seed: random.next())
        let journal = work(in: directory)
        let (remains, _) = PowerCutDisk.disarm(directory)
        try? journal?.close()
        try FileManager.default.createDirectory(atPath: next, withIntermediateDirectories: true)
        for (name, bytes) in remains { try Data(bytes).write(to: URL(fileURLWithPath: next + "/" + name)) }
        try look(at: next)
    }

    private func options(_ random: inout SeededGenerator) -> SQLiteJournal.Options {
        var options = SQLiteJournal.Options()
        options.checkpointPages = random.pick([2, 8, 30, 200])
        options.rememberedMax = 40
        options.synchronous = synchronous
        return options
    }

    /// Until the power goes, or enough is done. Whatever returns without an error is promised.
    private mutating func work(in directory: String) -> SQLiteJournal? {
        var journal: SQLiteJournal?
        do throws(JournalError) {
            for _ in 0..<random.pick(1...3) {
                let opened = try SQLiteJournal(
                    directory: directory, now: PowerCutTruth.noon, options: options(&random))
                journal = opened
                for _ in 0..<random.pick(1...25) { try step(opened) }
                try opened.close()
                journal = nil
            }
        } catch {
            // The power is gone.
        }
        return journal
    }

    private mutating func step(_ journal: SQLiteJournal) throws(JournalError) {
        switch random.pick(0..<20) {
        case 0:
            let subject = PowerCutTruth.subject(random.pick(0..<3))
            truth.beginForgetting(subject)
            try journal.forget(tenant: PowerCutTruth.tenant, subject: subject)
            truth.endForgetting(subject)
        case 1:
            let text = Array("queues: \(random.next())".utf8)
            let hash = Checksum.sha256Hex(text)
            try journal.storeRules(text: text, hash: hash)
            truth.rules[hash] = text
        default:
            let batch = truth.nextBatch(&random)
            try journal.append(entries: batch.entries, remembered: batch.replies)
            truth.acknowledge()
        }
    }

    /// What is left verifies, holds all that was promised and nothing that was not asked, and can be written to.
    private mutating func look(at directory: String) throws {
        let verified = try JournalVerifier(directory: directory.withJournal()).verify()
        if let fault = verified.fault { throw Finding("the journal does not verify: \(fault)") }
        let journal = try SQLiteJournal(directory: directory, now: PowerCutTruth.noon)
        defer { try? journal.close() }
        var entries: [JournalEntry] = []
        try JournalReader(directory: directory).replay(tenant: PowerCutTruth.tenant, from: 1) { entries.append($0) }
        guard journal.head(PowerCutTruth.tenant) == Int64(entries.count) else {
            throw Finding("the head is \(journal.head(PowerCutTruth.tenant)), there are \(entries.count) entries")
        }
        try truth.compare(entries)
        for reply in truth.repliesThatMustBeThere where try journal.recall(reply) != reply {
            throw Finding("the reply to \(reply.id) is gone")
        }
        for (hash, text) in truth.rules where try journal.rules(hash: hash) != text {
            throw Finding("the rules text \(hash) is gone")
        }
        truth.adopt(entries)
        let batch = truth.nextBatch(&random)
        try journal.append(entries: batch.entries, remembered: batch.replies)
        truth.acknowledge()
    }
}

/// What was found to be otherwise than promised.
struct Finding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension SQLiteJournal {
    fileprivate func recall(_ reply: RememberedReply) throws(JournalError) -> RememberedReply? {
        try recall(tenant: reply.tenant, sender: reply.sender, id: reply.id)
    }
}

extension String {
    /// The directory, once a journal is in it: a cut before the first sync may leave none, and a start makes one.
    fileprivate func withJournal() throws(JournalError) -> String {
        try SQLiteJournal(directory: self, now: PowerCutTruth.noon).close()
        return self
    }
}
