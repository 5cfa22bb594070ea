/// The name under which a ROUTER knows a peer: 1–255 bytes, chosen by libzmq (5 bytes) or by the peer.
/// Up to eight bytes are kept without an allocation.
struct RoutingID: Hashable, Sendable {
    private let short: UInt64
    private let length: UInt8
    private let long: [UInt8]

    init(_ bytes: UnsafeRawBufferPointer) {
        length = UInt8(clamping: bytes.count)
        guard bytes.count > 8 else {
            long = []
            short = bytes.reduce(0) { $0 << 8 | UInt64($1) }
            return
        }
        short = 0
        long = Array(bytes)
    }

    init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { RoutingID($0) } }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard long.isEmpty else { return long.withUnsafeBytes(body) }
        return withUnsafeBytes(of: short.bigEndian) { body(UnsafeRawBufferPointer(rebasing: $0.suffix(Int(length)))) }
    }
}
