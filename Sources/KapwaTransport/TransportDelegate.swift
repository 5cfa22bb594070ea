public import KapwaDomain

/// Who takes what the transport brings. All calls come on the transport's thread, which serves every socket: they
/// must hand over and return.
public protocol TransportDelegate: Sendable {
    /// Messages from the command socket, in the order of arrival.
    func received(_ batch: consuming InboundBatch)
    /// A request of ``Transport/score(request:payloads:)`` is done.
    func scored(_ outcome: consuming ScoringOutcome)
    /// Something that an operator may want to read in the log.
    func noticed(_ notice: TransportNotice)
}

/// What a scoring request brought.
public struct ScoringOutcome: Sendable {
    /// As it was given with the request.
    public let request: UInt64
    /// One assessment per payload, in their order. An empty frame: no worker scored it.
    public let assessments: FrameList

    public init(request: UInt64, assessments: FrameList) {
        self.request = request
        self.assessments = assessments
    }
}

/// For the log.
public enum TransportNotice: Sendable, Hashable {
    case workerReady(worker: String, version: String, threads: Int)
    case workerRefused(worker: String, reason: String)
    case workerLeft(worker: String)
    /// It scores by a lexicon of before, and was sent away to read the one in force.
    case workerStale(worker: String)
    case workerVanished(worker: String, batchesMoved: Int)
    case connectionsCut(socket: String, count: Int)
    /// A peer was not let in. Not all are told, but all are counted.
    case peerRejected(socket: SocketName, address: String, failure: AuthFailure)
    /// Keys were revoked or changed while their owners were connected.
    case keysWithdrawn(connectionsCut: Int)
    /// Connections could not be accepted: most likely the process is out of descriptors.
    case acceptFailed(socket: String)
}
