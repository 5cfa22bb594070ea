import Foundation
import Glibc
import KapwaDomain
import KapwaJournal
import Logging

/// What is to be seen before a floor is served, of which nothing on the way would tell.
struct StartChecks {
    let settings: Settings
    let reader: JournalReader
    let store: SnapshotStore
    let logger: Logger

    /// A journal that was emptied, or is gone, is not begun anew beside what is left of it.
    func refuseLostJournal() throws(JournalError) {
        for tenant in settings.tenants where try reader.head(tenant) == 0 {
            guard let newest = store.files(of: tenant).first else { continue }
            throw .corrupt(
                path: settings.data, tenant: tenant, sequence: newest.sequence,
                what:
                    "the journal has no event of the tenant, and \(newest.path) stands for \(newest.sequence) of them; bring "
                    + "the journal back, or move the snapshots away to begin anew")
        }
    }

    /// Without the key of their names nobody is known again.
    func warnOfLostCustomerKey() throws(JournalError) {
        guard settings.namesCustomers, try CustomerKey.read(in: settings.data) == nil, try reader.namesCustomers()
        else {
            return
        }
        logger.error(
            """
            the journal knows customers by a key that is not there: they are not known again, nor kept apart from \
            agents; put the file back from a backup, or take what is made now as a new beginning
            """, metadata: ["file": "\(CustomerKey.fileName)", "data": "\(settings.data)"])
    }

    /// Time never goes back: until it is as late as it was, everything seems to happen at the same moment.
    func warnOfClock(behind last: Instant, now: Instant) {
        guard last - now > .minutes(1) else { return }
        logger.error(
            """
            the clock is behind the last event of the journal; until it is past it no time passes on the floor. Mend the \
            clock; if it was wrong before, restore a backup from before that
            """, metadata: ["behind_ms": "\(last - now)"])
    }

    /// Names what others than the owner may read.
    func warnOfModes() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: settings.data)) ?? []
        let open = [""] + names.sorted()
        let readable = open.filter { name in
            var status = stat()
            return stat(settings.data + "/" + name, &status) == 0 && status.st_mode & 0o077 != 0
        }
        guard !readable.isEmpty else { return }
        logger.warning(
            "others than the daemon's user may look at its data; chmod 700 the directory and 600 the files",
            metadata: [
                "data": "\(settings.data)",
                "open": "\(readable.map { $0.isEmpty ? "." : $0 }.joined(separator: ", "))",
            ])
    }
}
