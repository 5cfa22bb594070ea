import KapwaDomain
import Testing

@testable import KapwaTransport

/// The parts that need no socket.
struct OrderTests {
    /// Answers a ticket and returns everything that may leave then.
    private func answer(_ order: inout ReplyOrder, _ ticket: UInt64) -> [String] {
        var left: [String] = []
        switch order.answer(ticket) {
        case .unknown: return ["unknown"]
        case .hold: order.hold(FrameList(["\(ticket)"]), ticket: ticket)
        case .send: left.append("\(ticket)")
        }
        while let next = order.popReady() { left += next.frames.strings }
        return left
    }

    @Test("Every order of answering four messages lets them leave in the order of asking")
    func allOrders() {
        func permutations(_ items: [UInt64]) -> [[UInt64]] {
            guard let first = items.first else { return [[]] }
            return permutations(Array(items.dropFirst())).flatMap { rest in
                (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
            }
        }
        let all = permutations([0, 1, 2, 3])
        #expect(all.count == 24)
        for permutation in all {
            var order = ReplyOrder()
            for _ in 0..<4 { _ = order.admit(delimiter: false) }
            var left: [String] = []
            for ticket in permutation { left += answer(&order, ticket) }
            #expect(left == ["0", "1", "2", "3"])
            #expect(order.pending == 0)
        }
    }

    @Test("Excused tickets, second answers and tickets that were never given")
    func excuses() {
        var order = ReplyOrder()
        for _ in 0..<3 { _ = order.admit(delimiter: true) }
        #expect(answer(&order, 2) == [])
        order.excuse(0)
        #expect(answer(&order, 1) == ["1", "2"])
        #expect(order.pending == 1)
        #expect(answer(&order, 1) == ["unknown"])
        #expect(answer(&order, 3) == ["unknown"])
        order.excuse(1)
        #expect(order.answer(0) == .send(delimiter: true))
        #expect(answer(&order, 0) == ["unknown"])
        #expect(order.pending == 0)
    }

    @Test("A long run keeps its tickets and no memory of what was answered")
    func longRun() {
        var order = ReplyOrder()
        for round in 0..<10_000 as Range<UInt64> {
            #expect(order.admit(delimiter: false) == round * 2)
            #expect(order.admit(delimiter: false) == round * 2 + 1)
            #expect(answer(&order, round * 2 + 1) == [])
            #expect(answer(&order, round * 2) == ["\(round * 2)", "\(round * 2 + 1)"])
            #expect(order.pending == 0)
        }
    }

    @Test("A forgotten peer's id is not given to the next one")
    func generations() throws {
        var table = PeerTable(peersMax: 2)
        let firstAdmitted = table.admit(RoutingID([1]), now: 0)
        let first = try #require(firstAdmitted)
        let id = table[first].id
        table.sweep(now: 100, idleMax: 100)
        #expect(table.count == 0)
        let secondAdmitted = table.admit(RoutingID([2]), now: 100)
        let second = try #require(secondAdmitted)
        #expect(second == first)
        #expect(table[second].id != id)
        #expect(table.index(of: id) == nil)
    }

    @Test("A full table makes room for a new peer by the one longest silent, never by one that waits")
    func fullTable() throws {
        var table = PeerTable(peersMax: 2)
        let waitingAdmitted = table.admit(RoutingID([1]), now: 0)
        let waiting = try #require(waitingAdmitted)
        _ = table[waiting].order.admit(delimiter: false)
        let idleAdmitted = table.admit(RoutingID([2]), now: 1)
        let idle = try #require(idleAdmitted)
        let idleID = table[idle].id
        let thirdAdmitted = table.admit(RoutingID([3]), now: 2)
        let third = try #require(thirdAdmitted)
        #expect(table.count == 2)
        #expect(table.index(of: idleID) == nil)
        _ = table[third].order.admit(delimiter: false)
        let refused = table.admit(RoutingID([4]), now: 3)
        #expect(refused == nil)
        let again = table.admit(RoutingID([1]), now: 4)
        #expect(again == waiting)
    }

    @Test("Routing ids of every length keep their bytes and are told apart")
    func routingIDs() {
        var seen: Set<RoutingID> = []
        for length in 1...20 {
            for fill in [0, 7, 255] as [UInt8] {
                let bytes = [UInt8](repeating: fill, count: length)
                let id = RoutingID(bytes)
                #expect(id.withBytes { Array($0) } == bytes)
                #expect(seen.insert(id).inserted)
            }
        }
    }

    @Test("Frames keep their edges, also when one is written in place or taken from another list")
    func frameLists() {
        var list = FrameList(["a", "", "bcd"])
        list.append { $0 += Array("ef".utf8) }
        var other = FrameList(["x"])
        other.append(list, frames: 1..<4)
        other.append(list, frames: 2..<2)
        #expect(other.strings == ["x", "", "bcd", "ef"])
        #expect(other.byteCount(of: 1..<4) == 5)
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            try other.append { bytes in
                bytes += Array("half".utf8)
                throw Broken()
            }
        }
        #expect(other.strings == ["x", "", "bcd", "ef"])
    }
}
