import KapwaDomain

/// What an agent has had to carry, in milli-contacts: an ordinary hard contact books 1,000, and it fades.
///
/// The value at any time follows from one anchor (L₀, t₀) that only journaled events move:
/// `ledger(t) = ((L₀ >> k) × POW[r]) >> 32` with `k = Δ / H`, `r = (Δ mod H) × 256 / H` and
/// `POW[r] = ⌊2³² × 2^(−r/256)⌋`, so that every machine computes the same number without floating point.
struct StressLedger: Hashable, Sendable {
    /// How fast it fades: the half-life H of what the agent is doing.
    enum Pace: Int, Hashable, Sendable {
        /// Ready or in contact.
        case working
        /// Away or offline.
        case away
        case onBreak

        var halfLife: Milliseconds {
            switch self {
            case .working: .minutes(90)
            case .away: .minutes(15)
            case .onBreak: .minutes(5)
            }
        }
    }

    /// More than any sequence of contacts can book in a day; keeps the product below inside 64 bits.
    static let valueMax = Int(Int32.max)

    private(set) var anchor = 0
    private(set) var anchoredAt = Instant(milliseconds: 0)
    private(set) var pace = Pace.away

    /// The ledger at a time not before the anchor.
    func value(at now: Instant) -> Int {
        let elapsed = max(0, now - anchoredAt)
        let halfLives = elapsed / pace.halfLife
        guard anchor > 0 else { return 0 }
        let fraction = Int((elapsed % pace.halfLife) * 256 / pace.halfLife)
        return Int((UInt64(anchor >> Int(halfLives)) * Self.powers[fraction]) >> 32)
    }

    /// Sets the value that an event recorded.
    mutating func set(_ value: Int, at now: Instant) {
        precondition(value >= 0 && value <= Self.valueMax, "a ledger lies between 0 and \(Self.valueMax)")
        anchor = value
        anchoredAt = now
    }

    /// Goes on at another pace from now.
    mutating func change(to pace: Pace, at now: Instant) {
        guard pace != self.pace else { return }
        anchor = value(at: now)
        anchoredAt = now
        self.pace = pace
    }

    /// `⌊2³² × 2^(−r/256)⌋` for r = 0…255.
    ///
    /// Built from whole numbers: square roots of one half to 62 binary places, multiplied by the bits of r.
    static let powers: [UInt64] = (0..<256).map { r in
        var product: UInt64 = 1 << 62
        for bit in 0..<8 where r & (1 << bit) != 0 { product = multiply62(product, rootsOfOneHalf[8 - bit]) }
        return product >> 30
    }

    /// `2^(−2^−j)` in 62 binary places for j = 0…8.
    private static let rootsOfOneHalf: [UInt64] = {
        var roots: [UInt64] = [1 << 61]
        for _ in 1...8 { roots.append(squareRoot62(of: roots[roots.count - 1])) }
        return roots
    }()

    /// The product of two fractions with 62 binary places, rounded down.
    private static func multiply62(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high << 2 | product.low >> 62
    }

    /// The root of a fraction with 62 binary places, rounded down.
    private static func squareRoot62(of value: UInt64) -> UInt64 {
        var root: UInt64 = 0
        var bit: UInt64 = 1 << 61
        while bit > 0 {
            let candidate = root | bit
            let square = candidate.multipliedFullWidth(by: candidate)
            if (square.high << 2 | square.low >> 62, square.low << 2) <= (value, 0) { root = candidate }
            bit >>= 1
        }
        return root
    }
}

extension StressLedger: Saved {
    static var blank: StressLedger { StressLedger() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&anchor)
        pass.field(&anchoredAt)
        pass.field(&pace)
    }
}
