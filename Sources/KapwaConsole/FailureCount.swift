import Glibc
import KapwaDomain
import Synchronization

/// How often each address was refused of late.
///
/// The right token always opens, so that nobody can lock its owner out by failing often from the same machine; 256 bits
/// are not guessed. What is bounded is what failing costs: beyond the limit the connection is ended with the answer.
final class FailureCount: Sendable {
    private struct Window {
        var began: Milliseconds
        var count: Int
    }

    private let windows = Mutex<[String: Window]>([:])

    /// Counts one more.
    ///
    /// - Parameter now: of a clock that only moves on.
    /// - Returns: whether they are too many.
    func add(_ peer: String, at now: Milliseconds) -> Bool {
        windows.withLock { windows in
            if windows[peer] == nil, windows.count >= Limits.httpFailureAddressesMax {
                windows = windows.filter { now - $0.value.began < Limits.httpFailureWindow }
                // Still too many: whoever fails from so many addresses at once starts anew together with all others.
                if windows.count >= Limits.httpFailureAddressesMax { windows = [:] }
            }
            var window = windows[peer] ?? Window(began: now, count: 0)
            if now - window.began >= Limits.httpFailureWindow { window = Window(began: now, count: 0) }
            window.count += 1
            windows[peer] = window
            return window.count > Limits.httpFailuresMax
        }
    }

    /// Whom an address counts as: of IPv6 the network, because one machine has as many addresses as it likes.
    ///
    /// - Parameter address: as text, without a port; `nil` when the system does not say.
    static func peer(_ address: String?) -> String {
        guard let address else { return "nobody" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF {
            return bytes[12...].map { String($0) }.joined(separator: ".")
        }
        if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] == 1 { return "::1" }
        let groups = stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
        return groups.joined(separator: ":") + "::/64"
    }
}
