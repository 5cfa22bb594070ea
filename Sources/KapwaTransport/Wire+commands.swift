import CZeroMQ
import Glibc
import KapwaDomain

/// The command socket: messages in, replies out.
extension Wire {
    /// Hands up what has arrived, at most one turn's share.
    /// - Returns: whether the socket is empty now.
    func readCommands() -> Bool {
        guard let socket = sockets?.commands else { return true }
        var batch = InboundBatch()
        var isDrained = false
        var read = 0
        var bytes = 0
        while read < Limits.messagesPerTurnMax, bytes < Limits.bytesPerTurnMax {
            guard case .frame(let more) = socket.receive() else {
                isDrained = true
                break
            }
            read += 1
            // A routing id alone is no message of any peer; libzmq does not deliver one.
            guard more else { continue }
            bytes += readMessage(socket, into: &batch)
        }
        if !batch.isEmpty { delegate.received(batch) }
        return isDrained
    }

    /// Reads the message whose routing id was just received.
    /// - Returns: its bytes.
    private func readMessage(_ socket: Socket, into batch: inout InboundBatch) -> Int {
        let routing = RoutingID(socket.frame)
        let isKeyed = keyedSockets.contains(.commands)
        var reader = CommandReader(batch, isSealed: isKeyed)
        while case .frame(let more) = socket.receive() {
            reader.take(socket.frame, into: &batch)
            if !more { break }
        }
        counters.messagesIn += 1
        counters.framesIn += UInt64(reader.frames)
        counters.bytesIn += UInt64(reader.bytes)
        // The routing id need not carry the key and the connection, the message's own frames do.
        let connection = socket.frameConnection
        let key = isKeyed ? socket.frameKey : nil
        let caller = caller(of: key, on: .commands)
        var peer = caller == nil ? nil : peers.admit(routing, key: key, now: now)
        if let known = peer, connection >= 0, peers[known].connection != connection {
            // What is known of the descriptor may be of a connection that has ended since the last look. Unless that is
            // learned first, its end is taken for this one's.
            followPeers()
            peer = peers.admit(routing, key: key, now: now)
        }
        sockets?.commandWatch.heard(connection, bytes: reader.bytesOnWire)
        sockets?.commandWatch.note(key: key, of: connection)
        let content = reader.finish(batch)
        if caller == nil { turnAway(connection, sockets?.commandWatch) }
        guard let caller, let peer, peers[peer].order.pending < configuration.repliesPerPeerMax * 2 else {
            counters.messagesDiscarded += 1
            if case .success(let frames) = content { CommandReader.drop(frames, from: &batch) }
            return reader.bytes
        }
        if connection >= 0, peers[peer].connection != connection {
            peers[peer].connection = connection
            let others = sockets?.peersOfConnection[connection]?.filter { $0 != peer } ?? []
            sockets?.peersOfConnection[connection] = others + [peer]
        }
        if case .failure = content { counters.framingRejected += 1 }
        let flooded = peers[peer].order.pending >= configuration.repliesPerPeerMax
        if flooded { counters.messagesFlooded += 1 }
        let ticket = peers[peer].order.admit(delimiter: reader.delimiter)
        batch.messages.append(
            InboundMessage(
                peer: peers[peer].id, caller: caller, ticket: ticket, delimiter: reader.delimiter, content: content,
                flooded: flooded))
        return reader.bytes
    }

    /// Sends what may leave, keeps what has to wait for earlier replies.
    func send(_ batch: OutboundBatch) {
        guard !batch.isEmpty, let sockets else { return }
        batch.frames.bytes.withUnsafeBytes { bytes in
            for entry in batch.entries { settle(entry, of: batch.frames, bytes: bytes, socket: sockets.commands) }
            for topic in batch.publications {
                let topicBytes = UnsafeRawBufferPointer(rebasing: bytes[batch.frames.range(topic)])
                let body = UnsafeRawBufferPointer(rebasing: bytes[batch.frames.range(topic + 1)])
                guard sockets.events.send(topicBytes, more: true) == 0 else { continue }
                if sockets.events.send(body, more: false) == 0 { counters.eventsOut += 1 }
            }
        }
    }

    private func settle(
        _ entry: OutboundBatch.Entry, of frames: FrameList, bytes: UnsafeRawBufferPointer, socket: Socket
    ) {
        guard let index = peers.index(of: entry.peer) else {
            if entry.reply != nil { counters.repliesDropped += 1 }
            return
        }
        if let reply = entry.reply {
            switch peers[index].order.answer(entry.ticket) {
            case .unknown: counters.repliesUnasked += 1
            case .hold:
                var held = FrameList()
                held.append(frames, frames: reply)
                peers[index].order.hold(held, ticket: entry.ticket)
            case .send(let delimiter):
                transmit(to: index, delimiter: delimiter, frames, reply, bytes: bytes, socket: socket)
            }
        } else {
            peers[index].order.excuse(entry.ticket)
        }
        while let next = peers[index].order.popReady() {
            next.frames.bytes.withUnsafeBytes { bytes in
                transmit(
                    to: index, delimiter: next.delimiter, next.frames, 0..<next.frames.count, bytes: bytes,
                    socket: socket)
            }
        }
        peers.dropIfDone(index)
    }

    private func transmit(
        to index: Int, delimiter: Bool, _ frames: FrameList, _ range: Range<Int>, bytes: UnsafeRawBufferPointer,
        socket: Socket
    ) {
        // Where keys are asked for, whoever comes next under this name need not be the one who asked.
        guard peers[index].key == nil || !peers[index].gone else {
            counters.repliesDropped += 1
            return
        }
        let code = peers[index].routing.withBytes { socket.send($0, more: true) }
        guard code == 0 else {
            // EAGAIN: it does not read; EHOSTUNREACH: it has gone. Both are the peer's loss alone.
            counters.repliesDropped += 1
            if code == EHOSTUNREACH { peers[index].gone = true }
            return
        }
        if delimiter { _ = socket.send([], more: true) }
        _ = socket.send(Frames.commandHeader, more: true)
        for frame in range {
            let content = UnsafeRawBufferPointer(rebasing: bytes[frames.range(frame)])
            _ = socket.send(content, more: frame + 1 < range.upperBound)
        }
        counters.messagesOut += 1
        counters.framesOut += UInt64(range.count)
        let sent = frames.byteCount(of: range)
        counters.bytesOut += UInt64(sent)
        if let watch = sockets?.commandWatch, !watch.handed(peers[index].connection, bytes: sent) {
            counters.connectionsCut += 1
            delegate.noticed(.connectionsCut(socket: "commands", count: 1))
        }
    }
}
