import KapwaDomain

/// Reads the export that every automatic call distributor has: a row an interval, with what came and what became of it.
///
/// Strict: a row that cannot be read is an error with its line, never skipped, so that no figure rests on half a file.
public enum HistoryFile {
    enum Column: String, CaseIterable {
        case interval, arrivals, handled, handleTime, abandoned

        /// How the systems of this world name it, in small letters and without punctuation.
        var names: Set<String> {
            switch self {
            case .interval:
                [
                    "interval", "interval start", "start", "start time", "time", "from", "period", "half hour",
                    "timestamp", "date time", "datetime", "interval time",
                ]
            case .arrivals:
                [
                    "arrivals", "arrived", "offered", "calls offered", "contacts offered", "received",
                    "contacts received",
                    "incoming", "inbound", "volume", "contacts", "calls", "queued", "contacts queued",
                ]
            case .handled:
                [
                    "handled", "calls handled", "contacts handled", "answered", "calls answered", "acd calls", "served",
                    "completed",
                ]
            case .handleTime:
                [
                    "average handle time", "avg handle time", "average handling time", "avg handling time", "aht",
                    "aht s", "aht sec", "aht seconds", "average handle time s", "average handle time seconds",
                    "avg handle time s", "handle time",
                ]
            case .abandoned:
                [
                    "abandoned", "calls abandoned", "contacts abandoned", "abandons", "abandon", "aban", "aban calls",
                    "lost",
                ]
            }
        }

        var said: String { self == .handleTime ? "average handle time" : rawValue }
    }

    /// - Parameter name: how the file is called in messages.
    public static func read(text: String, name: String) -> Result<History, HistoryErrors> {
        let rows: [CommaSeparated.Row]
        do throws(CommaSeparated.Failure) {
            rows = try CommaSeparated.rows(of: text)
        } catch {
            return .failure(HistoryErrors(errors: [HistoryError(file: name, line: error.line, message: error.message)]))
        }
        var reader = HistoryReader(name: name)
        return reader.read(rows)
    }
}

/// One pass over the rows, gathering everything that is wrong.
private struct HistoryReader {
    typealias Column = HistoryFile.Column

    let name: String
    private var errors: [HistoryError] = []
    private var intervals: [Interval] = []
    private var seen: Set<String> = []

    private struct Interval {
        var day: String
        /// Minute of the day at which it begins.
        var minute: Int
        var values: [Column: Double]
    }

    init(name: String) { self.name = name }

    mutating func read(_ rows: [CommaSeparated.Row]) -> Result<History, HistoryErrors> {
        guard let header = rows.first else {
            report(1, "the file is empty; its first line names the columns: \(Self.wanted)")
            return .failure(HistoryErrors(errors: errors))
        }
        let places = places(header)
        if errors.isEmpty {
            if rows.count == 1 { report(header.line, "no interval follows the names of the columns") }
            if rows.count > Limits.historyRowsMax {
                report(rows[Limits.historyRowsMax].line, "\(Limits.historyRowsMax) intervals are the most")
            } else {
                for row in rows.dropFirst() { readRow(row, places, columns: header.fields.count) }
            }
        }
        guard errors.isEmpty else { return .failure(HistoryErrors(errors: Array(errors.prefix(100)))) }
        return .success(history())
    }

    private static let wanted = "interval, arrivals, handled, average handle time, abandoned"

    private mutating func report(_ line: Int, _ message: String) {
        errors.append(HistoryError(file: name, line: line, message: message))
    }

    private mutating func places(_ header: CommaSeparated.Row) -> [Column: Int] {
        var places: [Column: Int] = [:]
        for (place, field) in header.fields.enumerated() {
            let plain = Self.plain(field)
            guard let column = Column.allCases.first(where: { $0.names.contains(plain) }) else { continue }
            if places[column] != nil {
                report(header.line, "two columns are the \(column.said), the second is \"\(field)\"; keep one")
            }
            places[column] = place
        }
        for column in Column.allCases where places[column] == nil {
            report(
                header.line,
                "no column is the \(column.said); found \(header.fields.prefix(20).joined(separator: ", ")),"
                    + " wanted \(Self.wanted)")
        }
        return places
    }

    /// Small letters, one space where there was anything but letters and digits.
    private static func plain(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    private mutating func readRow(_ row: CommaSeparated.Row, _ places: [Column: Int], columns: Int) {
        guard row.fields.count == columns else {
            return report(row.line, "\(row.fields.count) fields where the first line names \(columns)")
        }
        var values: [Column: Double] = [:]
        for column in Column.allCases where column != .interval {
            let text = row.fields[places[column] ?? 0]
            let value = column == .handleTime ? Self.seconds(text) : Self.count(text)
            if let value { values[column] = value } else { report(row.line, Self.noValue(text, column)) }
        }
        let text = row.fields[places[.interval] ?? 0]
        guard let (day, minute) = Self.interval(text) else {
            return report(row.line, "\"\(text)\" is no interval; write its start as 08:30 or 2026-05-04 08:30")
        }
        guard values.count == 4 else { return }
        let (arrived, handled, lost) = (values[.arrivals] ?? 0, values[.handled] ?? 0, values[.abandoned] ?? 0)
        if handled > 0 && values[.handleTime] == 0 {
            return report(row.line, "\(text) handled \(row.fields[places[.handled] ?? 0]) in no time; give the mean")
        }
        // Those who came before the interval may be answered in it: half as many again is still believable.
        if handled + lost > 2 * arrived + 100 {
            return report(row.line, "\(text) answered or lost far more than came; are the columns in their places?")
        }
        guard seen.insert("\(day) \(minute)").inserted else {
            return report(row.line, "the interval \(text) is there already; add the rows of several queues up first")
        }
        intervals.append(Interval(day: day, minute: minute, values: values))
    }

    private static func noValue(_ text: String, _ column: Column) -> String {
        column == .handleTime
            ? "\"\(text)\" is no \(column.said); write seconds (312), 5:12 or 0:05:12"
            : "\"\(text)\" is no count (\(column.said)); write a number of at least 0"
    }

    /// `1,204` and `1204.5` are counts.
    private static func count(_ text: String) -> Double? {
        let digits = text.filter { $0 != "," && $0 != " " && $0 != "\u{A0}" }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
        guard let value = Double(digits), value <= 1_000_000 else { return nil }
        return value
    }

    private static func seconds(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { count(String($0)) }
        let values = parts.compactMap(\.self)
        guard values.count == parts.count, (1...3).contains(values.count) else { return nil }
        let sum = values.reduce(0) { $0 * 60 + $1 }
        return sum <= 86_400 ? sum : nil
    }

    /// The day, as it is written, and the minute: from `08:30`, `8:30 PM`, `2026-05-04T08:30`, `08:30 - 09:00`.
    private static func interval(_ text: String) -> (day: String, minute: Int)? {
        let words = text.split { $0 == " " || $0 == "T" || $0 == "\u{202F}" }.map(String.init)
        guard let place = words.firstIndex(where: { $0.contains(":") }) else { return nil }
        let day = words[..<place].joined(separator: " ")
        let clock = words[place].split(separator: "-").first.map(String.init) ?? ""
        let parts = clock.split(separator: ":").map { Int($0) }
        guard (2...3).contains(parts.count), var hour = parts[0], let minute = parts[1], (0..<60).contains(minute)
        else {
            return nil
        }
        let next = place + 1 < words.count ? words[place + 1].lowercased() : ""
        if next == "am" || next == "pm" {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (next == "pm" ? 12 : 0)
        }
        guard (0..<24).contains(hour) else { return nil }
        return (day, hour * 60 + minute)
    }

    // MARK: Summing up

    private func history() -> History {
        let days = Set(intervals.map(\.day)).count
        let minutes = Set(intervals.map(\.minute)).sorted()
        let length = zip(minutes, minutes.dropFirst()).map { $1 - $0 }.min().map { min(60, $0) } ?? 30
        var history = History(
            arrivals: Array(repeating: 0, count: 48), handleSeconds: Array(repeating: 0, count: 48), arrived: 0,
            handled: 0, abandoned: 0, days: days)
        var time = Array(repeating: 0.0, count: 48)
        var handled = Array(repeating: 0.0, count: 48)
        for interval in intervals {
            let share = 1 / Double(days)
            history.arrived += interval.values[.arrivals, default: 0] * share
            history.handled += interval.values[.handled, default: 0] * share
            history.abandoned += interval.values[.abandoned, default: 0] * share
            // An hour is two half hours, two quarters are one.
            let parts = max(1, length / 30)
            for part in 0..<parts {
                let place = min(47, interval.minute / 30 + part)
                history.arrivals[place] += interval.values[.arrivals, default: 0] * share / Double(parts)
                handled[place] += interval.values[.handled, default: 0]
                time[place] += interval.values[.handled, default: 0] * interval.values[.handleTime, default: 0]
            }
        }
        for place in 0..<48 where handled[place] > 0 { history.handleSeconds[place] = time[place] / handled[place] }
        return history
    }
}
