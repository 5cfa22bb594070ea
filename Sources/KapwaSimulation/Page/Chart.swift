/// One panel of a page: lines, bars and marks over the hours of a day, as SVG.
struct Chart {
    /// In units of the picture.
    let width = 1_080.0
    let height: Double
    let left = 64.0
    let right = 16.0
    let top = 10.0
    let bottom = 24.0
    /// Minutes of the day.
    let minutes: ClosedRange<Double>
    let most: Double
    private var body: [String] = []

    init(minutes: ClosedRange<Double>, most: Double, height: Double = 200) {
        self.minutes = minutes
        self.most = Self.nice(most)
        self.height = height
    }

    /// The next round number whose quarters are round as well.
    static func nice(_ value: Double) -> Double {
        guard value > 0 else { return 1 }
        var scale = 1.0
        while scale * 10 <= value { scale *= 10 }
        while scale > value { scale /= 10 }
        return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map { $0 * scale }.first { $0 >= value } ?? value
    }

    func x(_ minute: Double) -> Double {
        let share = (minute - minutes.lowerBound) / max(1, minutes.upperBound - minutes.lowerBound)
        return left + share * (width - left - right)
    }

    func y(_ value: Double) -> Double { height - bottom - min(1, max(0, value / most)) * (height - top - bottom) }

    mutating func line(_ points: [(minute: Double, value: Double)], style: String) {
        guard !points.isEmpty else { return }
        let path = points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(Figure.decimal(x(point.minute), 1).ascii) \(Figure.decimal(y(point.value), 1).ascii)"
        }.joined()
        body.append("<path class=\"\(style)\" d=\"\(path)\"/>")
    }

    mutating func bars(_ points: [(minute: Double, value: Double)], width minutes: Double, style: String) {
        for point in points where point.value > 0 {
            let (begin, end) = (x(point.minute), x(point.minute + minutes))
            body.append(
                Self.rectangle(begin, y(point.value), end - begin - 0.5, y(0) - y(point.value), style: style))
        }
    }

    mutating func level(_ value: Double, style: String, label: String) {
        guard value <= most else { return }
        let y = Figure.decimal(y(value), 1).ascii
        body.append("<line class=\"\(style)\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(y)\" y2=\"\(y)\"/>")
        body.append(
            "<text class=\"note\" x=\"\(width - right - 4)\" y=\"\(y)\" dy=\"-4\" text-anchor=\"end\">\(label)</text>")
    }

    mutating func span(_ from: Double, _ to: Double, row: Double, thick: Double, style: String) {
        let begin = x(max(from, minutes.lowerBound))
        let end = x(min(to, minutes.upperBound))
        guard end > begin else { return }
        body.append(Self.rectangle(begin, row, end - begin, thick, style: style))
    }

    private static func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String
    ) -> String {
        let numbers = [x, y, max(0.1, width), max(0, height)].map { Figure.decimal($0, 1).ascii }
        return "<rect class=\"\(style)\" x=\"\(numbers[0])\" y=\"\(numbers[1])\" width=\"\(numbers[2])\""
            + " height=\"\(numbers[3])\"/>"
    }

    /// The panel with its hours below and, unless its rows mean people, its scale on the left.
    func svg(title: String, hasScale: Bool, unit: (Double) -> String) -> String {
        var axes: [String] = []
        if hasScale {
            for step in 0...4 {
                let value = most * Double(step) / 4
                let y = Figure.decimal(y(value), 1).ascii
                axes.append("<line class=\"grid\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(y)\" y2=\"\(y)\"/>")
                axes.append(
                    "<text class=\"scale\" x=\"\(left - 8)\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(unit(value))</text>"
                )
            }
        }
        let length = minutes.upperBound - minutes.lowerBound
        let step = length > 600 ? 120.0 : length > 180 ? 60.0 : 15.0
        var hour = (minutes.lowerBound / step).rounded(.up) * step
        while hour <= minutes.upperBound {
            let x = Figure.decimal(x(hour), 1).ascii
            axes.append("<line class=\"tick\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(top)\" y2=\"\(height - bottom)\"/>")
            axes.append(
                "<text class=\"scale\" x=\"\(x)\" y=\"\(height - 6)\" text-anchor=\"middle\">\(Self.clock(hour))</text>"
            )
            hour += step
        }
        return "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(title)\">"
            + (axes + body).joined() + "</svg>"
    }

    static func clock(_ minute: Double) -> String {
        let whole = Int(minute)
        let (hours, minutes) = (whole / 60 % 24, whole % 60)
        return (hours < 10 ? "0\(hours)" : "\(hours)") + ":" + (minutes < 10 ? "0\(minutes)" : "\(minutes)")
    }
}

extension String {
    /// A number as a picture wants it: with a hyphen for a minus.
    var ascii: String { replacing("−", with: "-") }
}
