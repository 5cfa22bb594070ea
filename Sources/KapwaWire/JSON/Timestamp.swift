public import KapwaDomain

/// RFC 3339 in, `2026-11-21T19:30:00.123Z` out. The proleptic Gregorian calendar, no leap seconds.
public enum Timestamp {
    /// Reads RFC 3339 with any offset; `nil` when it is none.
    public static func read(_ text: String) -> Instant? {
        var text = text
        return text.withUTF8 { parse($0) }
    }

    /// As everywhere on the wire.
    public static func text(_ instant: Instant) -> String {
        var writer = ByteWriter(capacity: 32)
        writer.instant(instant)
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// 9999-12-31T23:59:59.999Z, the last that four digits of a year can say. It stands for `distantFuture`.
    static let last = Instant(milliseconds: 253_402_300_799_999)
    /// 0000-01-01T00:00:00.000Z.
    static let first = Instant(milliseconds: -62_167_219_200_000)

    /// Reads RFC 3339 with any offset; digits beyond the millisecond are cut off. `nil` when it is none.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Instant? {
        guard text.count >= 20, text[4] == dash, text[7] == dash, text[10] | 0x20 == UInt8(ascii: "t"),
            text[13] == colon, text[16] == colon,
            let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
            let hour = number(text, 11, 2), let minute = number(text, 14, 2), let second = number(text, 17, 2),
            (1...12).contains(month), day >= 1, day <= days(inMonth: month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        guard let fraction = fraction(text, &index), let offset = offset(text, &index), index == text.count
        else { return nil }
        // A leap second is no point of its own here: it reads as the first instant of the next minute.
        let clock = Int64(hour) * 3_600 + Int64(minute) * 60 + Int64(second) - Int64(offset) * 60
        let seconds = daysSinceEpoch(year, month, day) * 86_400 + clock
        let instant = Instant(milliseconds: seconds * 1_000 + Int64(second == 60 ? 0 : fraction))
        return instant == last ? .distantFuture : instant
    }

    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")

    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        guard start + count <= text.count else { return nil }
        var value = 0
        for index in start..<start + count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func fraction(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
        guard text[index] == UInt8(ascii: ".") else { return 0 }
        index += 1
        let start = index
        var value = 0
        var unit = 100
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 {
            value += Int(text[index] - UInt8(ascii: "0")) * unit
            unit /= 10
            index += 1
        }
        return index > start ? value : nil
    }

    /// Minutes east of Greenwich.
    private static func offset(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
        guard index < text.count else { return nil }
        let sign = text[index]
        index += 1
        if sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == dash, index + 5 == text.count, text[index + 2] == colon,
            let hours = number(text, index, 2), let minutes = number(text, index + 3, 2), hours < 24, minutes < 60
        else { return nil }
        index += 5
        return (sign == dash ? -1 : 1) * (hours * 60 + minutes)
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01, counted in years that begin in March, so that the leap day is a year's last.
    static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
    }

    static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, day)
    }
}

extension ByteWriter {
    /// Writes a point in time without quotes; one outside the years 0–9999 as the nearest inside.
    mutating func timestamp(_ instant: Instant) {
        let milliseconds = min(max(instant, Timestamp.first), Timestamp.last).milliseconds
        let (day, rest) = milliseconds.flooredDivision(by: 86_400_000)
        let date = Timestamp.civil(day)
        let clock = UInt64(rest)
        digits(UInt64(date.year), width: 4)
        byte(UInt8(ascii: "-"))
        digits(UInt64(date.month), width: 2)
        byte(UInt8(ascii: "-"))
        digits(UInt64(date.day), width: 2)
        byte(UInt8(ascii: "T"))
        digits(clock / 3_600_000, width: 2)
        byte(UInt8(ascii: ":"))
        digits(clock / 60_000 % 60, width: 2)
        byte(UInt8(ascii: ":"))
        digits(clock / 1_000 % 60, width: 2)
        byte(UInt8(ascii: "."))
        digits(clock % 1_000, width: 3)
        byte(UInt8(ascii: "Z"))
    }
}

extension Int64 {
    /// Quotient rounded down and the remainder, never negative.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
