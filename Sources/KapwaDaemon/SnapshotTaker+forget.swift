import KapwaDomain
import KapwaJournal
import KapwaRouting

extension SnapshotTaker {
    /// Writes every snapshot of a tenant anew without a customer, in place of the one before: for a journal that forgot
    /// the customer. One that cannot be read is of no use, and goes.
    ///
    /// - Returns: how many there are now.
    @discardableResult
    func forget(_ customer: CustomerID, of tenant: TenantID) throws(JournalError) -> Int {
        var count = 0
        for file in store.files(of: tenant) {
            guard let snapshot = try? store.read(file), var state = try? Replayer.state(of: snapshot, file) else {
                try store.remove([file])
                continue
            }
            state.forget(customer)
            var without = snapshot
            without.state = state.saved()[...]
            try store.write(without)
            count += 1
        }
        return count
    }
}
