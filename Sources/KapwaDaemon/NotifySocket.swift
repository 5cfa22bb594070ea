import Glibc

/// The datagram socket of a service manager, as systemd names it in `NOTIFY_SOCKET`: a path, or a name behind `@` that
/// stands in no directory.
struct NotifySocket: Sendable {
    /// How long a manager that does not read may hold up whoever tells it something.
    private static let patience = timeval(tv_sec: 1, tv_usec: 0)

    private let address: sockaddr_un
    private let length: socklen_t

    /// `nil` when the name is none.
    init?(_ name: String) {
        var bytes = Array(name.utf8)
        var address = sockaddr_un()
        let isAbstract = bytes.first == UInt8(ascii: "@")
        guard isAbstract || bytes.first == UInt8(ascii: "/"), bytes.count > 1 else { return nil }
        if isAbstract { bytes[0] = 0 } else { bytes.append(0) }
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        self.address = address
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        length = socklen_t(start + bytes.count)
    }

    /// - Returns: why it could not be sent, as the system numbers it; `nil` when it was.
    func send(_ text: String) -> CInt? {
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var patience = Self.patience
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var (address, bytes) = (address, Array(text.utf8))
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, &bytes, bytes.count, CInt(MSG_NOSIGNAL), $0, length)
            }
        }
        return sent == bytes.count ? nil : errno
    }
}
