import KapwaDomain

/// The peers of the command socket: who they are, and what they still have to get.
struct PeerTable {
    struct Peer {
        let routing: RoutingID
        let id: PeerID
        /// The public key that it showed, where one is asked for.
        let key: String?
        var order = ReplyOrder()
        var heardAt: Milliseconds
        /// The connection that its last message came over; −1 when unknown.
        var connection: Int32 = -1
        /// Its connection has ended.
        var gone = false
    }

    private var peers: [Peer?] = []
    private var generations: [UInt32] = []
    private var free: [Int] = []
    private var indexes: [RoutingID: Int] = [:]
    private let peersMax: Int

    init(peersMax: Int) { self.peersMax = peersMax }

    var count: Int { indexes.count }

    /// The peer of this name, made when it is new; `nil` when the table is full of peers that wait for replies.
    mutating func admit(_ routing: RoutingID, key: String? = nil, now: Milliseconds) -> Int? {
        if let index = indexes[routing] {
            if peers[index]?.key == key {
                peers[index]?.heardAt = now
                peers[index]?.gone = false
                return index
            }
            // A name is anybody's to choose: with another key it is another peer, and gets nothing of the first one's.
            remove(index)
        }
        if indexes.count >= peersMax, !evictOldest() { return nil }
        let index = free.popLast() ?? peers.count
        if index == peers.count {
            peers.append(nil)
            generations.append(0)
        }
        generations[index] &+= 1
        let id = PeerID(index: UInt32(index), generation: generations[index])
        peers[index] = Peer(routing: routing, id: id, key: key, heardAt: now)
        indexes[routing] = index
        return index
    }

    func index(of id: PeerID) -> Int? {
        let index = Int(id.index)
        guard index < peers.count, peers[index]?.id == id else { return nil }
        return index
    }

    subscript(index: Int) -> Peer {
        get {
            guard let peer = peers[index] else { preconditionFailure("a peer that is not in the table") }
            return peer
        }
        _modify {
            guard peers[index] != nil else { preconditionFailure("a peer that is not in the table") }
            yield &peers[index]!
        }
    }

    /// The connection ended: its peer goes now, or when its last message is answered.
    mutating func connectionEnded(_ connection: Int32, of index: Int) {
        guard index < peers.count, peers[index]?.connection == connection else { return }
        peers[index]?.gone = true
        dropIfDone(index)
    }

    /// Peers with one of these keys get nothing more.
    mutating func dismiss(_ keys: Set<String>) {
        for index in peers.indices {
            guard let key = peers[index]?.key, keys.contains(key) else { continue }
            remove(index)
        }
    }

    mutating func dropIfDone(_ index: Int) {
        guard let peer = peers[index], peer.gone, peer.order.pending == 0 else { return }
        remove(index)
    }

    /// Forgets peers that have been silent for `idleMax` and wait for nothing.
    mutating func sweep(now: Milliseconds, idleMax: Milliseconds) {
        for index in peers.indices {
            guard let peer = peers[index], peer.order.pending == 0, now - peer.heardAt >= idleMax else { continue }
            remove(index)
        }
    }

    private mutating func evictOldest() -> Bool {
        var oldest: (index: Int, heardAt: Milliseconds)?
        for index in peers.indices {
            guard let peer = peers[index], peer.order.pending == 0 else { continue }
            if peer.heardAt < oldest?.heardAt ?? .max { oldest = (index, peer.heardAt) }
        }
        guard let oldest else { return false }
        remove(oldest.index)
        return true
    }

    private mutating func remove(_ index: Int) {
        guard let peer = peers[index] else { return }
        indexes[peer.routing] = nil
        peers[index] = nil
        free.append(index)
    }
}
