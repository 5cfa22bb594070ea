/// Frames one after another in one buffer, so that a thousand of them cost two allocations.
public struct FrameList: Sendable, Hashable {
    /// The contents of all frames without anything between them.
    public private(set) var bytes: [UInt8] = []
    /// Where each frame ends in ``bytes``.
    public private(set) var ends: [Int] = []

    public init() {}

    /// The frames that these collections hold.
    public init(_ frames: some Sequence<some Sequence<UInt8>>) {
        for frame in frames { append(frame) }
    }

    public var count: Int { ends.count }
    public var isEmpty: Bool { ends.isEmpty }

    /// Where frame `index` lies in ``bytes``.
    public func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    /// Bytes of these frames together.
    public func byteCount(of frames: Range<Int>) -> Int {
        guard let last = frames.last else { return 0 }
        return ends[last] - range(frames.lowerBound).lowerBound
    }

    public subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

    public mutating func append(_ frame: some Sequence<UInt8>) {
        bytes.append(contentsOf: frame)
        ends.append(bytes.count)
    }

    public mutating func append(_ frame: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: frame)
        ends.append(bytes.count)
    }

    /// One frame, written by `body` at the end of the buffer that it is given. It must only append.
    public mutating func append(writing body: (inout [UInt8]) throws -> Void) rethrows {
        let start = bytes.count
        do {
            try body(&bytes)
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        precondition(bytes.count >= start, "a frame was written over the frames before it")
        ends.append(bytes.count)
    }

    /// The frames of `other` from `frames` on, behind the own ones.
    public mutating func append(_ other: FrameList, frames: Range<Int>) {
        guard let last = frames.last else { return }
        let start = other.range(frames.lowerBound).lowerBound
        let shift = bytes.count - start
        bytes.append(contentsOf: other.bytes[start..<other.ends[last]])
        for index in frames { ends.append(other.ends[index] + shift) }
    }

    public mutating func reserve(frames: Int, bytes: Int) {
        ends.reserveCapacity(frames)
        self.bytes.reserveCapacity(bytes)
    }

    public mutating func removeAll(keepingCapacity: Bool = false) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        ends.removeAll(keepingCapacity: keepingCapacity)
    }
}
