import Foundation
import KapwaDomain

/// What workers and the daemon say to each other: `KAPWAW1`, a word, and what the word needs.
package enum WorkerMessage: Equatable {
    case ready(WorkerGreeting)
    case heartbeat
    case batch(UInt64, texts: FrameList)
    case scores(UInt64, assessments: FrameList)
    case bye
    case refused(reason: String)
    /// The daemon scores by this lexicon, and the worker by another.
    case stale(lexicon: String)

    private enum Kind: String {
        case ready = "READY"
        case heartbeat = "HEARTBEAT"
        case batch = "BATCH"
        case scores = "SCORES"
        case bye = "BYE"
        case refused = "REFUSED"
        case stale = "STALE"
    }

    /// The message that these frames (without routing id) are; `nil` when they are none.
    package init?(_ frames: FrameList) {
        guard frames.count >= 2, frames[0].elementsEqual(Frames.workerHeader),
            let kind = Kind(rawValue: String(decoding: frames[1].prefix(16), as: UTF8.self))
        else { return nil }
        switch kind {
        case .heartbeat: self = .heartbeat
        case .bye: self = .bye
        case .ready:
            guard frames.count == 3, let greeting = WorkerGreeting(json: frames[2]) else { return nil }
            self = .ready(greeting)
        case .refused:
            guard frames.count == 3 else { return nil }
            self = .refused(reason: String(decoding: frames[2].prefix(Limits.labelBytesMax), as: UTF8.self))
        case .stale:
            guard frames.count == 3 else { return nil }
            self = .stale(lexicon: String(decoding: frames[2].prefix(Limits.labelBytesMax), as: UTF8.self))
        case .batch, .scores:
            guard frames.count >= 3, frames[2].count == 8 else { return nil }
            let id = frames[2].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            var rest = FrameList()
            rest.append(frames, frames: 3..<frames.count)
            self = kind == .batch ? .batch(id, texts: rest) : .scores(id, assessments: rest)
        }
    }

    /// The frames without routing id.
    package var frames: FrameList {
        switch self {
        case .heartbeat: Self.frames(.heartbeat)
        case .bye: Self.frames(.bye)
        case .ready(let greeting): Self.frames(.ready, greeting.json)
        case .refused(let reason): Self.frames(.refused, Array(reason.utf8))
        case .stale(let lexicon): Self.frames(.stale, Array(lexicon.utf8))
        case .batch(let id, let texts): Self.batch(id, texts: texts, range: 0..<texts.count)
        case .scores(let id, let assessments): Self.frames(.scores, id, assessments, 0..<assessments.count)
        }
    }

    /// A batch of some of these texts.
    static func batch(_ id: UInt64, texts: FrameList, range: Range<Int>) -> FrameList {
        frames(.batch, id, texts, range)
    }

    private static func frames(_ kind: Kind, _ third: [UInt8]? = nil) -> FrameList {
        var frames = FrameList()
        frames.append(Frames.workerHeader)
        frames.append(kind.rawValue.utf8)
        if let third { frames.append(third) }
        return frames
    }

    private static func frames(_ kind: Kind, _ id: UInt64, _ rest: FrameList, _ range: Range<Int>) -> FrameList {
        var result = frames(kind)
        withUnsafeBytes(of: id.bigEndian) { result.append($0) }
        result.append(rest, frames: range)
        return result
    }
}

/// How a worker introduces itself.
package struct WorkerGreeting: Codable, Equatable, Sendable {
    package var version: String
    package var lexicon: String
    package var threads: Int

    init(version: String, lexicon: String, threads: Int) {
        self.version = version
        self.lexicon = lexicon
        self.threads = threads
    }

    init?(json: ArraySlice<UInt8>) {
        guard json.count <= 4_096, let greeting = try? JSONDecoder().decode(Self.self, from: Data(json)),
            greeting.version.utf8.count <= Limits.labelBytesMax, greeting.lexicon.utf8.count <= Limits.labelBytesMax
        else { return nil }
        self = greeting
    }

    var json: [UInt8] {
        // Two strings and a number always encode.
        (try? JSONEncoder().encode(self)).map(Array.init) ?? []
    }
}
