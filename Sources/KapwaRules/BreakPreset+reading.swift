import KapwaDomain

extension BreakPreset {
    static let keys = [
        "preset", "title", "status", "caution", "as_of", "sources", "notice", "notes", "breaks", "vectors",
    ]
    static let policyKeys = RuleKeys.breaks.filter { $0 != "mode" && $0 != "preset" }
    static let vectorKeys = ["name", "shift", "meal_at", "planned", "paid_minutes", "unpaid_minutes", "after"]

    /// Reads a preset from a file of its own; everything that is wrong is said in one run.
    public static func read(bytes: [UInt8], name: String) throws(RuleErrors) -> BreakPreset {
        let text = try StrictYAML.decode(bytes, name: name)
        let reading = try StrictYAML.read(
            text, name: name, bytesMax: Limits.presetFileBytesMax, keys: keys, build: { Self.preset($0, text) })
        return reading.value
    }

    private enum Status: String, CaseIterable { case executable, draft }

    private static func preset(_ file: Section, _ text: String) -> BreakPreset {
        let reader = RuleReader(presets: .none)
        let name = file.required("preset", example: "ph-labor-code")?.identifier("preset", of: Never.self)
        var preset = BreakPreset(name: name?.rawValue ?? "", title: "", policy: BreakPolicy())
        preset.text = text
        preset.title = file.required("title", example: "what law or agreement")?.text() ?? ""
        let status = file.required("status", example: "draft")?.choice("status", of: Status.self)
        preset.isDraft = status == .draft
        preset.caution = file["caution"]?.text(bytes: 1...Limits.commentBytesMax) ?? ""
        if preset.isDraft { _ = file.required("caution", example: "what is not sure") }
        let day = file.required("as_of", example: "2026-01-31")
        preset.asOf = day?.text() ?? ""
        if let day, CalendarDay.number(preset.asOf) == nil {
            day.report("\(day.noun) is no date", fix: "write the day of the last check as 2026-01-31")
        }
        preset.sources = texts(file.required("sources", example: "[where it stands]"))
        preset.notice =
            file.required("notice", example: "not issued or endorsed by …; not legal advice")?
            .text(bytes: 1...Limits.commentBytesMax) ?? ""
        _ = texts(file["notes"])
        preset.policy.planned = []
        if let breaks = file.required("breaks", example: "{length: 10m}")?.section(keys: policyKeys) {
            reader.readPolicy(breaks, into: &preset.policy)
        }
        preset.policy.preset = preset.name
        let vectors = file.required("vectors", example: "[]")?.list(most: Limits.listsMax)
        if vectors?.isEmpty == true {
            file["vectors"]?.report("no worked shift shows what it does", fix: "write at least one")
        }
        preset.vectors = (vectors ?? []).compactMap(vector)
        return preset
    }

    private static func texts(_ field: Field?) -> [String] {
        (field?.list(most: Limits.listsMax) ?? []).compactMap { $0.text(bytes: 1...Limits.commentBytesMax) }
    }

    private static func vector(_ field: Field) -> Vector? {
        guard let section = field.section(keys: vectorKeys) else { return nil }
        let name = section.required("name", example: "a day shift")?.text()
        let shift = section.required("shift", example: "08:00-17:00").flatMap(interval)
        let mealAt = section["meal_at"].flatMap(clock)
        let planned = texts(section.required("planned", example: "[]"))
        let minutes = 0...1_440
        let paid = section.required("paid_minutes", example: "0")?.integer(in: minutes)
        let unpaid = section.required("unpaid_minutes", example: "60")?.integer(in: minutes)
        var after: [Vector.After] = []
        for (key, value) in section["after"]?.section(keys: GraveContact.allCases.map(\.rawValue))?.all ?? [] {
            guard case .scalar(let word, _) = key.value.kind, let contact = GraveContact(rawValue: word),
                let words = value.text()
            else { continue }
            after.append(Vector.After(contact: contact, words: words))
        }
        guard let name, let shift, let paid, let unpaid else { return nil }
        return Vector(
            name: name, from: shift.from, to: shift.to, mealAt: mealAt.map { $0 < shift.from ? $0 + .days(1) : $0 },
            planned: planned, paidMinutes: paid, unpaidMinutes: unpaid, after: after)
    }

    /// `22:00-07:00`, on the first day of all.
    private static func interval(_ field: Field) -> (from: Instant, to: Instant)? {
        if case .scalar(let text, _) = field.value.kind {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            if ends.count == 2, let from = CalendarDay.minute(ends[0]), let to = CalendarDay.minute(ends[1]) {
                let end = to > from ? to : to + 1_440
                return (
                    Instant(milliseconds: .minutes(Int64(from))), Instant(milliseconds: .minutes(Int64(end)))
                )
            }
        }
        field.report("\(field.noun) is no shift", fix: "write it as 08:00-17:00")
        return nil
    }

    private static func clock(_ field: Field) -> Instant? {
        if case .scalar(let text, _) = field.value.kind, let minute = CalendarDay.minute(text) {
            return Instant(milliseconds: .minutes(Int64(minute)))
        }
        field.report("\(field.noun) is no time of day", fix: "write it as 12:00")
        return nil
    }
}

/// A preset that was written below a rules file, each line after `#|`, when the rules took effect.
///
/// A file that names a preset means nothing without it; so what is kept of a rules file has both in it.
enum EmbeddedPreset {
    private static let mark = "#| "

    struct Found {
        var preset: BreakPreset
    }

    /// The preset below a rules file; `nil` when there is none.
    static func find(in text: String, name: String) throws(RuleErrors) -> Found? {
        guard text.contains("\n\(mark)preset: ") else { return nil }
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) where line.hasPrefix("#|") {
            lines.append(line.dropFirst(min(mark.count, line.count)))
        }
        let inner = lines.joined(separator: "\n") + "\n"
        return Found(preset: try BreakPreset.read(bytes: Array(inner.utf8), name: "\(name) (its preset)"))
    }

    static func text(_ rules: String, with preset: BreakPreset?) -> String {
        guard let preset, !preset.text.isEmpty else { return rules }
        var lines = preset.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        while lines.last?.isEmpty == true { lines.removeLast() }
        // Comments of the preset need not travel.
        let kept = lines.filter { !$0.hasPrefix("#") }
        return rules + (rules.hasSuffix("\n") ? "" : "\n") + kept.map { "\(mark)\($0)\n" }.joined()
    }
}
