/// Why an HTTP request, or a connection, was turned away.
public enum HTTPRefusal: String, CaseIterable, Sendable {
    /// It showed no token where one is asked for.
    case noToken = "no_token"
    case wrongToken = "wrong_token"
    /// It asked for a name that is not this daemon's: a page that had its name rebound to this address.
    case forbiddenHost = "forbidden_host"
    /// A page from somewhere else asked.
    case forbiddenOrigin = "forbidden_origin"
    /// The same address was refused too often.
    case tooManyFailures = "too_many_failures"
    /// More came behind the head than anything here is asked with.
    case tooLarge = "too_large"
    /// Somebody else came while all places were taken, and it had waited longest.
    case crowded
    /// Plain text where TLS is spoken, or TLS that could not agree.
    case handshake
}
