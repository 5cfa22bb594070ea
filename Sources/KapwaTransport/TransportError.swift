import CZeroMQ
import Glibc

/// Why a socket could not be opened or used. ``description`` fits on one line of standard error.
public enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// libzmq before 4.3.3, which has known holes.
    case libraryTooOld(found: String)
    case unsupportedScheme(endpoint: String)
    case badEndpoint(endpoint: String, reason: String)
    /// Somebody else is bound there.
    case endpointBusy(endpoint: String)
    case noPermission(endpoint: String)
    /// The address belongs to no interface of this host.
    case addressNotHere(endpoint: String)
    /// Nobody answered at the endpoint within so many milliseconds.
    case timedOut(endpoint: String, milliseconds: Int)
    /// The other side sent something that is not this protocol.
    case notKapwa(endpoint: String)
    /// The daemon there asks for a key, and none was shown.
    case keyNeeded(endpoint: String)
    /// A key was shown to a daemon that asks for none.
    case keyUnwanted(endpoint: String)
    /// The daemon there does not let the key in.
    case keyRefused(endpoint: String)
    /// A call that should not fail did.
    case system(call: String, code: Int32)
    case closed

    public var description: String {
        switch self {
        case .libraryTooOld(let found): "libzmq \(found) is too old; 4.3.3 or later is needed"
        case .unsupportedScheme(let endpoint):
            "endpoint '\(endpoint)': only tcp://HOST:PORT, ipc://PATH and inproc://NAME are supported"
        case .badEndpoint(let endpoint, let reason): "endpoint '\(endpoint)': \(reason)"
        case .endpointBusy(let endpoint): "endpoint '\(endpoint)' is in use by another process or socket"
        case .noPermission(let endpoint): "no permission to bind endpoint '\(endpoint)'"
        case .addressNotHere(let endpoint): "endpoint '\(endpoint)': this host has no such address"
        case .timedOut(let endpoint, let milliseconds): "nobody answered at '\(endpoint)' within \(milliseconds) ms"
        case .notKapwa(let endpoint): "what answers at '\(endpoint)' does not speak KAPWA1"
        case .keyNeeded(let endpoint): "the daemon at '\(endpoint)' asks for a key; name yours with --key FILE"
        case .keyUnwanted(let endpoint): "the daemon at '\(endpoint)' asks for no key; leave --key out"
        case .keyRefused(let endpoint):
            "the daemon at '\(endpoint)' does not take this key: it is unknown there, was revoked, or is not for this "
                + "socket"
        case .system(let call, let code): "\(call) failed: \(Self.text(of: code)) (\(code))"
        case .closed: "the socket is closed"
        }
    }

    static func text(of code: Int32) -> String { String(cString: zmq_strerror(code)) }

    /// What the errno of a bind or connect says about the endpoint.
    static func of(_ code: Int32, call: String, endpoint: String) -> TransportError {
        switch code {
        case EADDRINUSE: .endpointBusy(endpoint: endpoint)
        case EACCES, EPERM: .noPermission(endpoint: endpoint)
        case EADDRNOTAVAIL, ENODEV: .addressNotHere(endpoint: endpoint)
        case EPROTONOSUPPORT, ENOCOMPATPROTO: .unsupportedScheme(endpoint: endpoint)
        case EINVAL: .badEndpoint(endpoint: endpoint, reason: "not a host and port, or not a path")
        case ENOENT, ENOTDIR: .badEndpoint(endpoint: endpoint, reason: "no such directory")
        case ENAMETOOLONG: .badEndpoint(endpoint: endpoint, reason: "the path is too long for a socket")
        default: .badEndpoint(endpoint: endpoint, reason: "\(text(of: code)) (\(call))")
        }
    }
}
