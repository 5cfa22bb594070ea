import Foundation
import KapwaDaemon
import Synchronization

/// Parts a stream into pieces of whole lines, as they come: whoever asks gets the next one. For several threads.
///
/// `@unchecked` because everything that changes is read and written under `lock`, but for `isStopped`, which is atomic.
final class LinePieces: @unchecked Sendable {
    /// One piece: its number, from 0, and its bytes, good until it is gone.
    final class Piece {
        let number: Int
        private let memory: [UInt8]

        fileprivate init(number: Int, memory: [UInt8]) {
            self.number = number
            self.memory = memory
        }

        func withBytes(_ use: (UnsafeRawBufferPointer) -> Void) { memory.withUnsafeBytes(use) }
    }

    /// Why reading ended before the end.
    var failure: StartFailure? {
        lock.lock()
        defer { lock.unlock() }
        return failed
    }

    /// What is asked for at once: enough to keep a core busy for milliseconds.
    private static let readBytes = 1 << 18

    private let descriptor: Int32
    private let isStopped = Atomic(false)
    private let lock = NSLock()
    private var number = 0
    /// The begin of a line whose end was not read yet.
    private var rest: [UInt8] = []
    private var isAtEnd = false
    private var failed: StartFailure?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next lines, as soon as there is one; `nil` at the end.
    func next() -> Piece? {
        lock.lock()
        defer { lock.unlock() }
        var searched = 0
        while !isAtEnd {
            if let end = rest[searched...].lastIndex(of: UInt8(ascii: "\n")) {
                let tail = Array(rest[(end + 1)...])
                rest.removeSubrange((end + 1)...)
                return take(leaving: tail)
            }
            searched = rest.count
            fill()
        }
        return rest.isEmpty || failed != nil || isStopped.load(ordering: .relaxed) ? nil : take(leaving: [])
    }

    private func take(leaving tail: [UInt8]) -> Piece {
        defer {
            number += 1
            rest = tail
        }
        return Piece(number: number, memory: rest)
    }

    /// Lets nobody wait for more: what would be read has nowhere to go.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Milliseconds after which a quiet input is looked away from, to see whether to stop.
    private static let patience: Int32 = 200

    /// Waits until something can be read; `false` when there is no more to be done.
    private func awaitInput() -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !isStopped.load(ordering: .relaxed) {
            if poll(&wanted, 1, Self.patience) != 0 && wanted.revents != 0 { return true }
        }
        return false
    }

    private func fill() {
        guard awaitInput() else {
            isAtEnd = true
            return
        }
        var count = 0
        let more = [UInt8](unsafeUninitializedCapacity: Self.readBytes) { memory, initialized in
            repeat {
                count = read(descriptor, memory.baseAddress, Self.readBytes)
            } while count < 0 && errno == EINTR
            initialized = max(0, count)
        }
        rest += more
        if count < 0 {
            failed = StartFailure(.inputOutput, "standard input cannot be read: \(String(cString: strerror(errno)))")
        }
        isAtEnd = count <= 0
    }
}
