import KapwaSimulation

/// What a file may look like once the power is gone: what was synced, and of what was written since any part.
///
/// A disk keeps or loses each sector by itself and in any order, keeps any length that the file had since its last
/// sync, and may forget that a name was made or removed since the directory was synced.
struct DiskFile {
    /// Bytes that a disk writes whole or not at all.
    static let sectorBytes: Int64 = 512

    /// A name from its creation to its removal.
    struct Life {
        /// Of each sector that was written since the last sync: what it was on the disk, then what it became.
        var sectors: [Int64: [[UInt8]]] = [:]
        /// Length on the disk, then each that it has had since the last sync; empty when there was no change.
        var lengths: [Int64] = []
        /// What it held when its name was removed.
        var lastBytes: [UInt8]?

        /// - Parameter after: `nil` where nothing was written and the file only became shorter.
        mutating func note(sector: Int64, before: [UInt8], after: [UInt8]?) {
            sectors[sector, default: [before]] += after.map { [$0] } ?? []
        }

        mutating func note(lengthBefore: Int64, after: Int64) {
            if lengths.isEmpty { lengths = [lengthBefore] }
            lengths.append(after)
        }

        mutating func sync() {
            sectors = [:]
            lengths = []
        }

        /// One of the files that a cut could leave.
        func afterCut(_ now: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
            var bytes = lastBytes ?? now
            // In order, so that a seed means the same in every process.
            for sector in sectors.keys.sorted() {
                guard let versions = sectors[sector] else { continue }
                let start = Int(sector * DiskFile.sectorBytes)
                let end = start + Int(DiskFile.sectorBytes)
                if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
                bytes.replaceSubrange(start..<end, with: random.pick(versions))
            }
            let length = lengths.isEmpty ? (lastBytes ?? now).count : Int(random.pick(lengths))
            if bytes.count < length { bytes += [UInt8](repeating: 0, count: length - bytes.count) }
            return Array(bytes.prefix(length))
        }
    }

    /// What the name stood for when the directory was last synced, then since; `nil`: nothing.
    private(set) var lives: [Life?]

    init(existed: Bool) { lives = [existed ? Life() : nil] }

    var isThere: Bool { lives.last.flatMap { $0 } != nil }

    mutating func make() { lives.append(Life()) }

    mutating func remove(holding bytes: [UInt8]) {
        change { $0.lastBytes = bytes }
        lives.append(nil)
    }

    mutating func change(_ body: (inout Life) -> Void) {
        guard var life = lives.last.flatMap({ $0 }) else { return }
        lives[lives.count - 1] = nil
        body(&life)
        lives[lives.count - 1] = life
    }

    mutating func syncName() { lives.removeFirst(lives.count - 1) }

    /// One of the files that a cut could leave; `nil`: none of this name.
    func afterCut(_ now: [UInt8], _ random: inout SeededGenerator) -> [UInt8]? {
        lives[random.pick(0..<lives.count)]?.afterCut(now, &random)
    }
}
