import KapwaDomain
import KapwaJournal
import KapwaRouting

extension SnapshotTaker {
    /// Writes every snapshot of a tenant anew without a customer, in place of the one before: for a journal that forgot
    /// the customer. One that is damaged is of no use, and goes; what cannot be read for another reason is an error.
    ///
    /// - Returns: how many there are now.
    @discardableResult
    func forget(_ customer: CustomerID, of tenant: TenantID) throws(JournalError) -> Int {
        var count = 0
        for file in store.files(of: tenant) {
            do throws(JournalError) {
                var snapshot = try store.read(file)
                var state = try Replayer.state(of: snapshot, file)
                state.forget(customer)
                snapshot.state = state.saved()[...]
                try store.write(snapshot)
                count += 1
            } catch {
                guard case .corrupt = error else { throw error }
                try store.remove([file])
            }
        }
        return count
    }
}
