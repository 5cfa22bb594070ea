import KapwaDomain
public import KapwaJournal
import KapwaRouting

/// Looks at all snapshots of a data directory, read-only.
public enum SnapshotCheck {
    public struct Report: Sendable {
        /// Snapshots that can be read, make a state, and are of this journal.
        public var sound = 0
        /// What is wrong with the others, and where one is needed and there is none.
        public var sentences: [String] = []
    }

    public static func broken(in directory: String) throws(JournalError) -> Report {
        let store = SnapshotStore(directory: directory)
        let reader = try JournalReader(directory: directory)
        var report = Report()
        var newest: [TenantID: Int64] = [:]
        for file in store.files() {
            do throws(JournalError) {
                let snapshot = try store.read(file)
                guard try reader.chain(file.tenant, at: file.sequence) == snapshot.chain else {
                    report.sentences.append("\(file.path): it is not of this journal")
                    continue
                }
                _ = try Replayer.state(of: snapshot, file)
                report.sound += 1
                newest[file.tenant] = max(newest[file.tenant] ?? 0, file.sequence)
            } catch {
                report.sentences.append(error.description)
            }
        }
        for tenant in try reader.tenants() {
            let start = try reader.replayStart(tenant)
            guard newest[tenant] ?? 0 < start else { continue }
            report.sentences.append(
                "tenant \(tenant): no snapshot says what was true at sequence \(start) or later, and no replay can begin "
                    + "before: entries were deleted, or the keys of what they have sealed erased; restore a backup")
        }
        return report
    }
}
