import Glibc
import KapwaDomain

/// What a peer says first over a TCP connection, as ZMTP 3.1 has it: signature, version, and the mechanism it speaks.
enum Greeting {
    /// How a peer wants to know who it talks with.
    enum Mechanism: Equatable {
        /// It asks for no key.
        case open
        /// It asks for a key.
        case curve
    }

    private static let size = 64
    /// Where in the greeting the mechanism is named, padded with zeros.
    private static let name = 12..<32

    /// What the other side names, asked over a connection of its own without naming anything: then it does not hang
    /// up before it has said so. `nil` when it does not say so in time, or names something else.
    ///
    /// - Parameter patience: how long connecting may take, and after it the answer; looking up a name takes what the
    ///   system gives it.
    static func mechanism(at endpoint: Endpoint, patience: Milliseconds = 500) -> Mechanism? {
        guard let door = connect(endpoint, patience: patience) else { return nil }
        defer { close(door) }
        let hello: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3]
        guard send(door, hello, hello.count, Int32(MSG_NOSIGNAL)) == hello.count else { return nil }
        var greeting = [UInt8](repeating: 0, count: size)
        guard recv(door, &greeting, size, Int32(MSG_WAITALL)) == size else { return nil }
        return switch String(decoding: greeting[name].prefix { $0 != 0 }, as: UTF8.self) {
        case "NULL": .open
        case "CURVE": .curve
        default: nil
        }
    }

    /// A descriptor, which is the caller's to close, of a connection to where libzmq connects: to the first address
    /// of its kind.
    private static func connect(_ endpoint: Endpoint, patience: Milliseconds) -> Int32? {
        guard let place = endpoint.place else { return nil }
        var wanted = addrinfo()
        wanted.ai_family = endpoint.isVersion6 ? AF_INET6 : AF_INET
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(place.host, place.port, &wanted, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let door = socket(wanted.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard door >= 0 else { return nil }
        var limit = timeval(tv_sec: Int(patience) / 1_000, tv_usec: Int(patience) % 1_000 * 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] { setsockopt(door, SOL_SOCKET, option, &limit, size) }
        if Glibc.connect(door, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 { return door }
        close(door)
        return nil
    }
}
