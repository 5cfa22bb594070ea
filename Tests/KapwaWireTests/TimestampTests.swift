import KapwaDomain
import Testing

@testable import KapwaWire

struct TimestampTests {
    static func parse(_ text: String) -> Instant? { bytes(text).withUnsafeBufferPointer { Timestamp.parse($0) } }

    static func write(_ instant: Instant) -> String {
        var writer = ByteWriter()
        writer.timestamp(instant)
        return text(writer.bytes)
    }

    // Milliseconds from another implementation of the calendar (CPython's).
    static let rows: [(String, Int64)] = [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00Z", 951_825_600_000),
        ("2026-11-21T19:30:00.123Z", 1_795_289_400_123), ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("2024-03-01T00:00:00Z", 1_709_251_200_000), ("2100-03-01T00:00:00Z", 4_107_542_400_000),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59.998Z", 253_402_300_799_998),
        ("2026-11-22T03:30:00.123+08:00", 1_795_289_400_123), ("2026-11-21T14:00:00.1239-05:30", 1_795_289_400_123),
        ("2026-11-21t19:30:00.123z", 1_795_289_400_123), ("2026-11-21T19:30:00-00:00", 1_795_289_400_000),
        ("2026-12-31T23:59:60Z", 1_798_761_600_000), ("2026-11-21T19:30:00.1Z", 1_795_289_400_100),
        ("2026-11-21T19:30:00.123456789012Z", 1_795_289_400_123),
    ]

    @Test("RFC 3339 is read with any offset, across leap days", arguments: rows)
    func read(_ row: (String, Int64)) { #expect(Self.parse(row.0) == Instant(milliseconds: row.1)) }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T19:30:00", "2026-11-21 19:30:00Z", "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+0800", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+08:60",
            "2026-01-01T00:00:00+08",
            "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z", "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:0aZ", "20261-01-01T00:00:00Z", "2026-01-01T00:00:00,5Z",
        ])
    func refuse(_ text: String) { #expect(Self.parse(text) == nil) }

    @Test("every day of 800 years is written and read back alike")
    func roundTrip() {
        var day = Instant(milliseconds: -11_676_096_000_000)
        for step in 0..<292_200 {
            let instant = day + Int64(step % 86_400_000)
            let written = Self.write(instant)
            if Self.parse(written) != instant {
                Issue.record("\(instant.milliseconds) is written \(written)")
                return
            }
            day = day + .days(1)
        }
    }

    @Test("the distant future is written as the last instant of four digits, and read back as what it was")
    func distantFuture() {
        #expect(Self.write(.distantFuture) == "9999-12-31T23:59:59.999Z")
        #expect(Self.parse("9999-12-31T23:59:59.999Z") == .distantFuture)
        #expect(Self.write(Instant(milliseconds: .min)) == "0000-01-01T00:00:00.000Z")
    }
}
