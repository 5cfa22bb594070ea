import KapwaDomain

/// A rules file that was read whole, with what its author should look at again.
public struct RuleFile: Sendable {
    public let rules: RuleSet
    /// Legal but wrong, in the order of the lines.
    public let warnings: [RuleError]

    /// Reads the rules from YAML; a key that the file does not have keeps its default.
    ///
    /// - Parameters:
    ///   - text: The whole file, at most ``Limits/rulesFileBytesMax`` bytes.
    ///   - name: How the file is called in messages.
    /// - Returns: The rules, without a hash: that is the caller's, who keeps the text; or everything that is wrong with it.
    public static func read(text: String, name: String) -> Result<RuleFile, RuleErrors> {
        Result { () throws(RuleErrors) in
            let reading = try StrictYAML.read(
                text, name: name, bytesMax: Limits.rulesFileBytesMax, keys: keys,
                build: { RuleReader().rules(from: $0) })
            return RuleFile(rules: reading.value, warnings: reading.warnings)
        }
    }

    /// Reads the bytes of a rules file; says where they are no UTF-8.
    public static func read(bytes: [UInt8], name: String) -> Result<RuleFile, RuleErrors> {
        do {
            return read(text: try StrictYAML.decode(bytes, name: name), name: name)
        } catch {
            return .failure(error)
        }
    }

    private static let keys = [
        "version", "routing", "queues", "routes", "points", "weights", "breaks", "offers", "safety_protocol",
    ]
}

/// Fills a ``RuleSet`` from the sections of a file.
struct RuleReader {
    func rules(from file: Section) -> RuleSet {
        var rules = RuleSet.standard
        _ = file["version"]?.integer(in: 1...1, because: ": this is the first form of the file")
        if let routing = file["routing"]?.section(keys: ["mode"]) {
            set(&rules.routingMode, routing["mode"]?.choice("mode", of: Mode.self))
        }
        let queues = file["queues"]?.list(most: Limits.queuesMax)
        if let queues { rules.queues = self.queues(queues) }
        if queues?.isEmpty == true {
            file["queues"]?.report("there is no queue", fix: "name at least one, or leave queues out for \"main\"")
        }
        if let routes = file["routes"]?.list(most: Limits.routesMax) {
            rules.routes = self.routes(routes, queues: rules.queues)
        }
        if let queues { warnOfUnreached(queues, rules: rules) }
        if let points = file["points"] { readPoints(points, into: &rules.points) }
        if let weights = file["weights"] { readWeights(weights, into: &rules.weights) }
        if let breaks = file["breaks"] { readBreaks(breaks, into: &rules) }
        if let offers = file["offers"] { readOffers(offers, into: &rules.offers) }
        rules.safetyProtocol = file["safety_protocol"].flatMap(safetyProtocol)
        return rules
    }

    /// Takes a value over if the file has a right one.
    func set<Value>(_ place: inout Value, _ value: Value?) {
        if let value { place = value }
    }

    /// Takes over the channels that the file names.
    func set(_ place: inout PerChannel<Milliseconds>, _ field: Field?, in range: ClosedRange<Milliseconds>) {
        guard let section = field?.section(keys: Channel.allCases.map(\.rawValue)) else { return }
        set(&place.chat, section["chat"]?.duration(in: range))
        set(&place.voice, section["voice"]?.duration(in: range))
        set(&place.email, section["email"]?.duration(in: range))
        place.social = section["social"]?.duration(in: range) ?? place.social
        place.sms = section["sms"]?.duration(in: range) ?? place.sms
        place.callback = section["callback"]?.duration(in: range) ?? place.callback
    }

    private func readWeights(_ field: Field, into weights: inout CostWeights) {
        let keys = ["load", "stress", "share", "over_skill", "idle", "sticky", "prefer", "language"]
        guard let section = field.section(keys: keys) else { return }
        let range = 0...1_000
        set(&weights.load, section["load"]?.integer(in: range))
        set(&weights.stress, section["stress"]?.integer(in: range))
        set(&weights.share, section["share"]?.integer(in: range))
        set(&weights.overSkill, section["over_skill"]?.integer(in: range))
        set(&weights.idle, section["idle"]?.integer(in: range))
        set(&weights.sticky, section["sticky"]?.integer(in: range))
        set(&weights.prefer, section["prefer"]?.integer(in: range))
        set(&weights.language, section["language"]?.integer(in: range))
    }

    private func readOffers(_ field: Field, into offers: inout OfferRules) {
        guard let section = field.section(keys: ["timeout", "hold", "max_idle", "strikes"]) else { return }
        set(&offers.timeout, section["timeout"], in: .seconds(5)...(.hours(1)))
        set(&offers.hold, section["hold"], in: .seconds(1)...(.hours(1)))
        set(&offers.maxIdle, section["max_idle"], in: .minutes(1)...(.days(30)))
        set(&offers.strikes, section["strikes"]?.integer(in: 1...100))
    }

    private func safetyProtocol(_ field: Field) -> SafetyProtocol? {
        guard let section = field.section(keys: ["text", "checked_on"]) else { return nil }
        let text = section.required("text", example: "what to do first, and the numbers to call")?
            .text(bytes: 1...Limits.commentBytesMax)
        let date = section.required("checked_on", example: "2026-01-31")
        guard let checkedOn = date?.text(bytes: 1...64), let text else { return nil }
        guard Self.isDate(checkedOn) else {
            date?.report("\(quoted(checkedOn)) is no date", fix: "write the day of the last check as 2026-01-31")
            return nil
        }
        return SafetyProtocol(text: text, checkedOn: checkedOn)
    }

    /// `2026-01-31`: a day that the calendar has.
    static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }
}
