/// Days of the calendar as people write them.
enum CalendarDay {
    /// Days since 1970-01-01 of a day that the calendar has, written as `2026-01-31`; `nil` for any other text.
    static func number(_ text: String) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month),
            (1...days(year, month)).contains(day)
        else { return nil }
        // Years counted from March, so that the leap day is the last; 146,097 days make 400 years.
        let from = month > 2 ? year : year - 1
        let era = (from >= 0 ? from : from - 399) / 400
        let yearOfEra = from - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The minute of a day that `08:30` means, 0…1440 (`24:00`); `nil` for any other text.
    static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...59).contains(minute),
            hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }
}
