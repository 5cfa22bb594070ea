import Glibc
import KapwaDomain
import Synchronization
import Testing

@testable import KapwaTransport

/// Somebody who hangs up on whoever begins a handshake as libzmq does, and says its greeting to whoever asks for it.
private final class Doorkeeper: Sendable {
    let endpoint: String
    private let descriptor: Int32
    private let thread = Mutex<pthread_t?>(nil)
    /// Guests who were hung up on, and guests who were greeted.
    let seen = Mutex((hungUp: 0, greeted: 0))

    init(greeting: [UInt8]) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16? = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &size) == 0
            } ? UInt16(bigEndian: pointer.pointee.sin_port) : nil
        }
        endpoint = "tcp://127.0.0.1:\(try #require(port))"
        let thread = try NamedThread.start("doorkeeper") { [self] in
            while case let guest = accept(descriptor, nil, nil), guest >= 0 {
                var hello = [UInt8](repeating: 0, count: 64)
                // libzmq waits for an answer to the ten bytes of its signature; who asks says its version at once.
                if recv(guest, &hello, hello.count, 0) > 10 {
                    seen.withLock { $0.greeted += 1 }
                    _ = send(guest, greeting, greeting.count, Int32(MSG_NOSIGNAL))
                } else {
                    seen.withLock { $0.hungUp += 1 }
                }
                close(guest)
            }
        }
        self.thread.withLock { $0 = thread }
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        thread.withLock { if let thread = $0.take() { NamedThread.join(thread) } }
        close(descriptor)
    }
}

@Suite
struct GreetingTests {
    private func greeting(_ mechanism: String) -> [UInt8] {
        let name = Array(mechanism.utf8)
        return [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 1] + name + [UInt8](repeating: 0, count: 52 - name.count)
    }

    @Test("who is hung up on before the greeting hears all the same that a key is asked for")
    func keyNeeded() throws {
        let door = try Doorkeeper(greeting: greeting("CURVE"))
        defer { door.stop() }
        let client = try CommandClient(endpoint: door.endpoint)
        #expect(throws: TransportError.keyNeeded(endpoint: door.endpoint)) { try client.receive(timeout: 20_000) }
        #expect(door.seen.withLock { $0.greeted >= 1 && $0.hungUp >= 1 })
    }

    @Test("who is hung up on before the greeting hears all the same that no key is asked for")
    func keyUnwanted() throws {
        let door = try Doorkeeper(greeting: greeting("NULL"))
        defer { door.stop() }
        let key = ClientKey(pair: try .generate(), server: try CurveKeyPair.generate().publicKey)
        let client = try CommandClient(endpoint: door.endpoint, key: key)
        #expect(throws: TransportError.keyUnwanted(endpoint: door.endpoint)) { try client.receive(timeout: 20_000) }
    }

    @Test(
        "what a peer speaks is read from its greeting alone",
        arguments: [("NULL", Greeting.Mechanism.open), ("CURVE", .curve), ("PLAIN", nil), ("", nil)])
    func mechanisms(_ name: String, _ mechanism: Greeting.Mechanism?) throws {
        let door = try Doorkeeper(greeting: greeting(name))
        defer { door.stop() }
        #expect(Greeting.mechanism(at: try Endpoint(door.endpoint, binding: false), patience: 20_000) == mechanism)
        #expect(door.seen.withLock(\.greeted) == 1)
        #expect(Greeting.mechanism(at: try Endpoint("ipc:///nowhere", binding: false)) == nil)
    }

    @Test("half a greeting says nothing")
    func half() throws {
        let door = try Doorkeeper(greeting: Array(greeting("CURVE").prefix(32)))
        defer { door.stop() }
        #expect(Greeting.mechanism(at: try Endpoint(door.endpoint, binding: false), patience: 20_000) == nil)
        #expect(door.seen.withLock(\.greeted) == 1)
    }
}
