import CZeroMQ
import Glibc
import KapwaDomain
import Testing

@testable import KapwaTransport

@Suite(.serialized)
struct FramingTests {
    @Test(
        "Broken framing is handed up as what it is, once, and the next message is read as if nothing had been",
        arguments: [
            (["NOTUS", "a"], FramingError.badHeader), (["KAPWA2", "a"], .unsupportedVersion),
            (["KAPWA10", "a"], .unsupportedVersion), (["KAPWA", "a"], .badHeader), (["KAPWA1x", "a"], .badHeader),
            (["KAPWA1"], .noCommands), (["", "KAPWA1"], .noCommands), (["", ""], .badHeader), ([""], .badHeader),
        ])
    func broken(frames: [String], error: FramingError) throws {
        let rig = try Rig()
        let peer = try Peer(ZMQ_DEALER, rig.endpoints.commands)
        #expect(peer.send(frames))
        #expect(peer.receive()?.suffix(2) == ["KAPWA1", "\(error)"])
        #expect(peer.send(["KAPWA1", "fine"]))
        #expect(peer.receive() == ["KAPWA1", "fine"])
        #expect(rig.transport.counters.framingRejected == 1)
    }

    @Test("A thousand command frames are taken, one more is not")
    func frameCount() throws {
        let rig = try Rig()
        let client = try rig.client()
        let most = FrameList((0..<Limits.framesPerMessageMax).map { "\($0)" })
        #expect(try client.request(most, timeout: 20_000) == most)
        let more = FrameList((0...Limits.framesPerMessageMax).map { "\($0)" })
        #expect(try client.request(more, timeout: 20_000).strings == ["tooManyFrames"])
    }

    @Test("A message of more bytes than allowed is refused whole")
    func messageBytes() throws {
        let rig = try Rig()
        let client = try rig.client()
        let frame = [UInt8](repeating: 0x20, count: Limits.messageBytesMax / 8)
        let most = FrameList(Array(repeating: frame, count: 7))
        #expect(try client.request(most, timeout: 20_000).count == 7)
        let more = FrameList(Array(repeating: frame, count: 8))
        #expect(try client.request(more, timeout: 20_000).strings == ["messageTooLarge"])
        #expect(try client.request(FrameList(["fine"])).strings == ["fine"])
    }

    @Test("A frame above the bound cuts its own connection and no other")
    func oversizeFrame() throws {
        let rig = try Rig()
        let good = try rig.client()
        #expect(try good.request(FrameList(["a"])).strings == ["a"])
        let bad = try RawPeer(rig.endpoints.commands)
        try bad.greet()
        let message: [UInt8] = [1, 6] + Array("KAPWA1".utf8) + [0, 1, 0x62]
        try #require(bad.send(message))
        #expect(eventually { rig.recorder.arrived.count == 2 })
        #expect(!bad.isCut(within: 0))
        // The reset may come before the whole frame has left.
        _ = bad.send(RawPeer.frame(size: Limits.frameBytesMax + 1, more: false))
        #expect(bad.isCut(within: 20_000))
        #expect(try good.request(FrameList(["b"])).strings == ["b"])
        #expect(rig.recorder.arrived.count == 3)
    }

    @Test("A message without an end is cut off before it fills the memory, and nobody else notices")
    func endlessMessage() throws {
        let rig = try Rig()
        let good = try rig.client()
        let before = residentBytes()
        let bad = try RawPeer(rig.endpoints.commands)
        try bad.greet()
        let frame = RawPeer.frame(size: 60_000, more: true)
        var sent = 0
        while sent < 4 << 30, bad.send(frame) { sent += frame.count }
        #expect(sent > Limits.messageBytesMax)
        #expect(bad.isCut(within: 20_000))
        #expect(eventually { rig.transport.counters.connectionsCut == 1 })
        #expect(rig.recorder.notices == [.connectionsCut(socket: "commands", count: 1)])
        #expect(residentBytes() - before < 1 << 30)
        #expect(try good.request(FrameList(["still here"])).strings == ["still here"])
    }

    @Test("A peer that never reads its replies is cut off before they fill the memory")
    func unreadReplies() throws {
        let rig = try Rig(keeps: false)
        let good = try rig.client()
        let before = residentBytes()
        let bad = try RawPeer(rig.endpoints.commands)
        try bad.greet()
        let message: [UInt8] = [1, 6] + Array("KAPWA1".utf8) + RawPeer.frame(size: 60_000, more: false)
        var sent = 0
        while sent < 1 << 30, bad.send(message) { sent += message.count }
        #expect(sent > Limits.unreadBytesPerPeerMax)
        #expect(sent < 1 << 30)
        #expect(eventually { rig.transport.counters.connectionsCut == 1 })
        #expect(residentBytes() - before < 256 << 20)
        #expect(try good.request(FrameList(["still here"]), timeout: 20_000).strings == ["still here"])
        #expect(eventually { rig.transport.counters.peers == 1 })
    }

    @Test("Bytes that are no protocol end their own connection only", arguments: [1, 10, 64, 200, 5_000])
    func garbage(size: Int) throws {
        let rig = try Rig { $0.handshakeMax = 200 }
        let good = try rig.client()
        for fill in [0x00, 0xFF, 0x47] as [UInt8] {
            let bad = try RawPeer(rig.endpoints.commands)
            _ = bad.send([UInt8](repeating: fill, count: size))
            #expect(bad.isCut(within: 20_000))
        }
        #expect(try good.request(FrameList(["still here"])).strings == ["still here"])
        #expect(rig.transport.counters.messagesIn == 1)
    }

    @Test("A connection that says nothing after its greeting is left alone")
    func silence() throws {
        let rig = try Rig { $0.heartbeatInterval = 20_000 }
        let idle = try rig.client()
        #expect(try idle.request(FrameList(["a"])).strings == ["a"])
        let busy = try rig.client()
        // Well over what one connection may send without a message, but in messages.
        let frame = [UInt8](repeating: 0x20, count: 60_000)
        for _ in 0..<600 { _ = try busy.request(FrameList([frame]), timeout: 20_000) }
        #expect(rig.transport.counters.bytesIn > UInt64(Limits.unfinishedBytesMax * 2))
        #expect(rig.transport.counters.connectionsCut == 0)
        #expect(try idle.request(FrameList(["b"])).strings == ["b"])
    }

    @Test("A connection that does not finish its handshake is closed")
    func halfOpen() throws {
        let rig = try Rig { $0.handshakeMax = 100 }
        let half = try RawPeer(rig.endpoints.commands)
        #expect(half.isCut(within: 20_000))
        #expect(eventually { rig.transport.counters.handshakesFailed == 1 })
        #expect(eventually { rig.transport.counters.commandConnections == 0 })
    }
}
