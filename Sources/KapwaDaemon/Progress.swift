import KapwaDomain

/// Whether the daemon gets on with its work. A full disk is no stall: the loops come round, and nothing is gained by
/// starting anew.
struct Progress: Equatable, Sendable {
    /// Longer than a commit may take on a bad day, shorter than a load balancer's patience.
    static let stallMax: Milliseconds = .seconds(5)

    /// Since the router's thread last came round.
    var sinceRouter: Milliseconds
    /// Since the thread of the sockets last came round.
    var sinceSockets: Milliseconds
    /// For how long the disk has had what is being written; `nil` while nothing is.
    var writing: Milliseconds?

    var routerMoves: Bool { sinceRouter <= Self.stallMax }
    var socketsMove: Bool { sinceSockets <= Self.stallMax }
    var diskMoves: Bool { writing ?? 0 <= Self.stallMax }

    /// What does not get on, in words; `nil` while everything does.
    var stall: String? {
        var parts: [String] = []
        if !diskMoves { parts.append("a commit has been under way for \(writing ?? 0) ms") }
        if !routerMoves { parts.append("the router has not come round for \(sinceRouter) ms") }
        if !socketsMove { parts.append("the sockets have not been looked at for \(sinceSockets) ms") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
