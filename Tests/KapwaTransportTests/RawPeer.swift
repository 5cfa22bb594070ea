import Glibc
import KapwaDomain
import Testing

@testable import KapwaTransport

/// A peer written by hand on a plain TCP socket: libzmq itself sends no message before it is whole.
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

    /// The greeting of ZMTP 3.0 with the NULL mechanism.
    static let greeting: [UInt8] =
        [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)

    /// The greeting, and READY as a socket of this type.
    func greet(as type: String = "DEALER") throws {
        var greeting = Self.greeting
        try #require(greeting.count == 64)
        var ready: [UInt8] = [5] + Array("READY".utf8)
        ready += [11] + Array("Socket-Type".utf8) + [0, 0, 0, UInt8(type.utf8.count)] + Array(type.utf8)
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

    /// A message of one command, small enough for short frames of ZMTP.
    func ask(_ command: String) -> Bool {
        let header = [1, UInt8(Frames.commandHeader.count)] + Frames.commandHeader
        return send(header + [0, UInt8(command.utf8.count)] + command.utf8)
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
