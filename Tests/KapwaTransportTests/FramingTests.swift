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
        #expect(bad.send(RawPeer.frame(size: Limits.frameBytesMax + 1, more: false)))
        #expect(bad.isCut(within: 20_000))
        #expect(try good.request(FrameList(["b"])).strings == ["b"])
        #expect(rig.recorder.arrived.count == 2)
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

/// A DEALER written by hand on a plain TCP socket: libzmq sends no message before it is whole.
final class RawPeer {
    private let descriptor: Int32

    init(_ endpoint: String) throws {
        let port = try #require(endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    /// The greeting of ZMTP 3.0 with the NULL mechanism, and READY as a DEALER.
    func greet() throws {
        var greeting: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0]
        greeting += Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)
        try #require(greeting.count == 64)
        var ready: [UInt8] = [5] + Array("READY".utf8)
        ready += [11] + Array("Socket-Type".utf8) + [0, 0, 0, 6] + Array("DEALER".utf8)
        greeting += [4, UInt8(ready.count)] + ready
        try #require(send(greeting))
        // libzmq resets connections that send messages before its own READY is out.
        var answer = [UInt8](repeating: 0, count: 256)
        var received = 0
        while received < 64 + 2 + 6 {
            let count = recv(descriptor, &answer, answer.count, 0)
            try #require(count > 0)
            received += count
        }
    }

    /// A long frame of ZMTP.
    static func frame(size: Int, more: Bool) -> [UInt8] {
        [more ? 3 : 2] + withUnsafeBytes(of: UInt64(size).bigEndian, Array.init) + [UInt8](repeating: 0x20, count: size)
    }

    /// False once the other side has closed.
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Whether the other side closes the connection in this time.
    func isCut(within limit: Milliseconds) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        return eventually(within: limit) {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
        }
    }
}

/// Memory of this process that is in use.
func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
        separator: " ")
    return (fields.dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
}
