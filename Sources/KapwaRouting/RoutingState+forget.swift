import DequeModule
public import KapwaDomain

extension RoutingState {
    /// Erases what is known of a customer, as if the personal parts of the events had never been there: for a state that
    /// was saved before its journal was made to forget.
    public mutating func forget(_ customer: CustomerID) {
        for slot in conversations.indices where conversations[slot].customer == customer {
            conversations[slot].customer = nil
            conversations[slot].topic = nil
            conversations[slot].attributes = .none
        }
        for key in closedInOrder where closed[key.id]?.customer == customer {
            closed[key.id]?.customer = nil
            closed[key.id]?.topic = nil
            closed[key.id]?.attributes = .none
        }
        customers[customer] = nil
        customersInOrder.removeAll { $0 == customer }
        for serial in aversionsInOrder where aversions[serial]?.customer == customer {
            aversions[serial]?.customer = nil
        }
        aversionIndex[.customer(customer)] = nil
    }
}
