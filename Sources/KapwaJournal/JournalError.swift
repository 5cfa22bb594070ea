public import KapwaDomain

/// Why the journal did not do what it was asked to. The description is one line: what, where, what to do.
public enum JournalError: Error, Hashable, Sendable {
    /// Another daemon has the journal; `pid` as it wrote it into the lock file, `nil` if that was not readable.
    case locked(path: String, pid: Int32?)
    /// Written by a later Kapwa, whose schema version is `found`.
    case newer(path: String, found: Int, known: Int)
    /// No space left. The transaction was rolled back; reads go on; ``Journal/probe()`` says when space is back.
    case full(path: String)
    /// Anything else that failed while writing or reading. After a failed write it is unknown what reached the
    /// disk: the journal refuses all further writing, and the process must end and start again.
    case io(code: Int32, message: String)
    /// What is stored contradicts itself; `sequence` is `nil` where the damage has no place in a tenant's sequence.
    case corrupt(path: String, tenant: TenantID?, sequence: Int64?, what: String)
    /// The journal cannot be made, opened for writing, or is no Kapwa journal.
    case notWritable(path: String, why: String)
    /// The journal cannot be opened for reading.
    case notReadable(path: String, why: String)
    /// An entry that does not follow the last one of its tenant, so that nothing of the batch was appended.
    case gap(tenant: TenantID, expected: Int64, found: Int64)
}

extension JournalError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .locked(let path, let pid):
            let holder = pid.map { "process \($0)" } ?? "another process"
            return "\(holder) already serves the journal \(path); stop it, or choose another data directory"
        case .newer(let path, let found, let known):
            return "the journal \(path) has version \(found), this Kapwa knows up to \(known); "
                + "start the Kapwa that wrote it, or a later one"
        case .full(let path):
            return "no space is left for the journal \(path); free some: nothing was lost, nothing is half written"
        case .io(let code, let message):
            return "\(message) (SQLite code \(code)); check the disk, then start Kapwa again: "
                + "it goes on from what is on disk"
        case .corrupt(let path, let tenant, let sequence, let what):
            let place = [tenant.map { "tenant \($0)" }, sequence.map { "sequence \($0)" }].compactMap { $0 }
            let spot = place.isEmpty ? path : "\(path), \(place.joined(separator: ", "))"
            return "the journal is damaged at \(spot): \(what); restore it from a backup"
        case .notWritable(let path, let why):
            return "cannot write the journal at \(path): \(why); name a data directory that Kapwa may write"
        case .notReadable(let path, let why):
            return "cannot read the journal at \(path): \(why); name the data directory of a Kapwa daemon"
        case .gap(let tenant, let expected, let found):
            return "tenant \(tenant): entry \(found) does not follow, the next is \(expected); nothing was appended"
        }
    }
}
