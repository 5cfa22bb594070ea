/// What a key was made for. ``Permission`` says what follows from it.
public enum Role: String, CaseIterable, Sendable {
    /// Connects channels and agents' desks.
    case middleware
    /// One agent, in the agent's own name alone.
    case agent
    /// Scores messages; has no other business here.
    case worker
    /// Looks on.
    case observer
    /// Answers for a floor.
    case supervisor
    /// Looks on, and sees what agents have had to carry.
    case wellbeing
    /// Sees everything; what was looked at is kept.
    case auditor
}

/// Why a peer was not let in.
public enum AuthFailure: String, CaseIterable, Sendable {
    /// It showed none where one is asked for, or left before it did.
    case noKey = "no_key"
    /// It took another key for the daemon's.
    case wrongServerKey = "wrong_server_key"
    /// A key that the daemon does not know.
    case unknownKey = "unknown_key"
    case revokedKey = "revoked_key"
    /// A worker's key on another socket, or another's on the workers'.
    case wrongSocket = "wrong_socket"
}
