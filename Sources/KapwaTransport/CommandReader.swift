import KapwaDomain

/// Takes one message frame by frame into a batch, and leaves nothing of it there when its framing is broken.
package struct CommandReader {
    private enum Stage {
        case start, header, commands
        case broken(FramingError)
    }

    private var stage = Stage.start
    private let firstFrame: Int
    /// Whether the empty frame of a REQ stood at its head.
    private(set) var delimiter = false
    /// Frames and bytes that came, kept or not.
    private(set) var frames = 0
    private(set) var bytes = 0
    /// With the flags and length that stand before each frame.
    private(set) var bytesOnWire = 0

    /// What sealing adds to each frame, where peers show keys.
    static let sealBytes = 33

    private let bytesAround: Int

    /// - Parameter isSealed: whether the connection is encrypted.
    package init(_ batch: InboundBatch, isSealed: Bool = false) {
        firstFrame = batch.frames.count
        bytesAround = isSealed ? Self.sealBytes : 0
    }

    package mutating func take(_ frame: UnsafeRawBufferPointer, into batch: inout InboundBatch) {
        frames += 1
        bytes += frame.count
        bytesOnWire += frame.count + bytesAround + (frame.count + bytesAround > 255 ? 9 : 2)
        switch stage {
        case .start where frame.isEmpty:
            delimiter = true
            stage = .header
        case .start, .header:
            stage = Frames.fault(inHeader: frame).map(Stage.broken) ?? .commands
        case .commands:
            if batch.frames.count - firstFrame >= Limits.framesPerMessageMax {
                breakOff(.tooManyFrames, &batch)
            } else if bytes > Limits.messageBytesMax {
                breakOff(.messageTooLarge, &batch)
            } else {
                let start = batch.bytes.count
                batch.bytes.append(contentsOf: frame)
                batch.frames.append(start..<batch.bytes.count)
            }
        case .broken: break
        }
    }

    /// The frames that were kept, or what is wrong with the message.
    package func finish(_ batch: InboundBatch) -> Result<Range<Int>, FramingError> {
        switch stage {
        case .broken(let error): .failure(error)
        case .start, .header: .failure(.badHeader)
        case .commands where batch.frames.count == firstFrame: .failure(.noCommands)
        case .commands: .success(firstFrame..<batch.frames.count)
        }
    }

    private mutating func breakOff(_ error: FramingError, _ batch: inout InboundBatch) {
        Self.drop(firstFrame..<batch.frames.count, from: &batch)
        stage = .broken(error)
    }

    /// Takes the last frames out of the batch again.
    static func drop(_ frames: Range<Int>, from batch: inout InboundBatch) {
        guard let first = frames.first else { return }
        batch.bytes.removeSubrange(batch.frames[first].lowerBound...)
        batch.frames.removeSubrange(first...)
    }
}
