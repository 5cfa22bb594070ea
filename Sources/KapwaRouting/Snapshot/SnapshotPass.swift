/// Goes through the parts of a state in a fixed order, to write them or to read them back.
///
/// One list of parts serves both ways, so that what is written is what is read. Whole numbers take one to nine bytes,
/// texts lead with their length. Reading never traps: what makes no sense breaks the pass, and from then on every part
/// is blank.
struct SnapshotPass: ~Copyable {
    enum Aim {
        case write, read
        /// Counts the parts of one value, for tests.
        case count
    }

    let aim: Aim
    /// Parts of the value that is counted.
    private(set) var parts = 0
    /// What was read makes no sense.
    private(set) var isBroken = false
    private var base: UnsafeMutableRawPointer
    private let ownsBase: Bool
    private var place = 0
    private var end: Int

    /// - Parameter capacity: bytes to begin with; there is room for more whenever it is needed.
    init(writing capacity: Int) {
        aim = .write
        end = max(capacity, 64)
        base = .allocate(byteCount: end, alignment: 16)
        ownsBase = true
    }

    /// - Parameter bytes: stay there, and stay as they are, for as long as the pass lasts.
    init(reading bytes: UnsafeRawBufferPointer) {
        aim = .read
        end = bytes.count
        // Never written through: a pass that reads writes nothing.
        base = UnsafeMutableRawPointer(
            mutating: bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped)
        ownsBase = false
    }

    init(counting: Void) {
        aim = .count
        end = 64
        base = .allocate(byteCount: end, alignment: 16)
        ownsBase = true
    }

    deinit { if ownsBase { base.deallocate() } }

    var isReading: Bool { aim == .read }
    var isCounting: Bool { aim == .count }
    /// Whether everything was read, and made sense.
    var isWhole: Bool { !isBroken && place == end }
    /// Bytes that are left to read.
    var left: Int { end - place }

    /// Bytes written or read so far.
    var size: Int { place }

    /// Writes what another pass has written.
    mutating func append(_ other: borrowing SnapshotPass) {
        if end - place < other.place { grow(by: other.place) }
        (base + place).copyMemory(from: other.base, byteCount: other.place)
        place += other.place
    }

    /// What was written.
    func bytes() -> [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: place)) }

    /// From here on nothing makes sense.
    mutating func fail() {
        isBroken = true
        place = end
    }

    /// Counts parts that are gone through by hand; whether there is more to do than that.
    mutating func counts(_ number: Int) -> Bool {
        guard isCounting else { return false }
        parts += number
        return true
    }

    /// One part.
    mutating func field<Part: Saved>(_ part: inout Part) {
        if isCounting {
            parts += 1
        } else {
            part.passFields(&self)
        }
    }

    /// One part that is kept in four bytes.
    mutating func small(_ part: inout Int) {
        field(&part)
        guard isReading, Int32(exactly: part) == nil else { return }
        part = 0
        fail()
    }

    // MARK: Numbers

    /// The count of trailing zero bits of the first byte says how many bytes follow it.
    mutating func word(_ value: inout UInt64) {
        if isReading { value = readWord() } else { write(value) }
    }

    mutating func integer(_ value: inout Int64) {
        // Small numbers of either sign become small words.
        var word = UInt64(bitPattern: value << 1 ^ value >> 63)
        self.word(&word)
        if isReading { value = Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1) }
    }

    /// How many there are of something that takes at least one byte each.
    mutating func count(_ value: inout Int) {
        var word = UInt64(value)
        self.word(&word)
        guard isReading else { return }
        if word > UInt64(left) {
            fail()
            value = 0
        } else {
            value = Int(word)
        }
    }

    private mutating func write(_ value: UInt64) {
        if end - place < 9 { grow(by: 9) }
        let bits = 64 - (value | 1).leadingZeroBitCount
        let length = (bits + 6) / 7
        if length <= 8 {
            let packed = value << UInt64(length) | 1 << UInt64(length - 1)
            base.storeBytes(of: packed.littleEndian, toByteOffset: place, as: UInt64.self)
            place += length
        } else {
            base.storeBytes(of: 0, toByteOffset: place, as: UInt8.self)
            base.storeBytes(of: value.littleEndian, toByteOffset: place + 1, as: UInt64.self)
            place += 9
        }
    }

    private mutating func readWord() -> UInt64 {
        guard end - place >= 9 else { return readLastWord() }
        let packed = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        let length = packed.trailingZeroBitCount + 1
        if length < 8 {
            place += length
            return (packed & (1 << UInt64(8 * length) - 1)) >> UInt64(length)
        }
        if length == 8 {
            place += 8
            return packed >> 8
        }
        // The first byte is empty.
        let value = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: place + 1, as: UInt64.self))
        place += 9
        return value
    }

    /// Close to the end bytes are taken one by one.
    private mutating func readLastWord() -> UInt64 {
        guard place < end else {
            fail()
            return 0
        }
        let first = base.load(fromByteOffset: place, as: UInt8.self)
        let length = first.trailingZeroBitCount + 1
        guard place + length <= end else {
            fail()
            return 0
        }
        var packed: UInt64 = 0
        for index in 0..<min(length, 8) {
            let offset = length == 9 ? index + 1 : index
            packed |= UInt64(base.load(fromByteOffset: place + offset, as: UInt8.self)) << UInt64(8 * index)
        }
        place += length
        return length == 9 ? packed : packed >> UInt64(length)
    }

    // MARK: Texts

    mutating func text(_ value: inout String) {
        if isReading {
            var length = 0
            count(&length)
            value = String(decoding: UnsafeRawBufferPointer(start: base + place, count: length), as: UTF8.self)
            place += length
        } else {
            value.withUTF8 { utf8 in
                write(UInt64(utf8.count))
                if end - place < utf8.count { grow(by: utf8.count) }
                (base + place).copyMemory(
                    from: UnsafeRawPointer(utf8.baseAddress ?? UnsafePointer(base.assumingMemoryBound(to: UInt8.self))),
                    byteCount: utf8.count)
                place += utf8.count
            }
        }
    }

    private mutating func grow(by bytes: Int) {
        let larger = max(2 * end, end + bytes)
        let copy = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        copy.copyMemory(from: base, byteCount: place)
        base.deallocate()
        base = copy
        end = larger
    }
}

/// What a snapshot can hold: something that can tell its parts, in an order that stays.
///
/// A part that is added later is read only from snapshots that have it; the version of ``RoutingState/savedVersion``
/// goes up with it.
protocol Saved {
    /// What parts are read into.
    static var blank: Self { get }
    /// Gives every part to the pass, always in the same order.
    mutating func passFields(_ pass: inout SnapshotPass)
}

/// One of a few words; a snapshot has its place in the list.
protocol Listed: Saved, Equatable {
    /// New words come last: a snapshot says by which list it was written.
    static var list: [Self] { get }
}

extension Listed {
    static var blank: Self { list[0] }

    mutating func passFields(_ pass: inout SnapshotPass) {
        let list = Self.list
        var place = UInt64(list.firstIndex(of: self) ?? 0)
        pass.word(&place)
        guard pass.isReading else { return }
        if place < UInt64(list.count) { self = list[Int(place)] } else { pass.fail() }
    }
}
