/// Collects what is wrong while a file is read, so that one run names everything.
final class Findings {
    /// More than a person will read in one go; what comes after is only counted.
    static let keptMax = 200

    let file: String
    private var found: [RuleError] = []
    private var errorsLeftOut = 0

    init(file: String) { self.file = file }

    var errors: [RuleError] { found.filter { $0.severity == .error }.sorted(by: Self.comesBefore) }
    /// All errors; `nil` when there is none.
    var failure: RuleErrors? {
        errors.isEmpty && errorsLeftOut == 0 ? nil : RuleErrors(errors: errors, more: errorsLeftOut)
    }
    var warnings: [RuleError] { found.filter { $0.severity == .warning }.sorted(by: Self.comesBefore) }

    func add(
        _ severity: RuleError.Severity = .error, at place: YAMLValue.Place, path: String, _ message: String, fix: String
    ) {
        guard found.count < Self.keptMax else {
            errorsLeftOut += severity == .error ? 1 : 0
            return
        }
        found.append(
            RuleError(
                severity: severity, file: file, line: place.line, column: place.column, path: path, message: message,
                fix: fix))
    }

    private static func comesBefore(_ left: RuleError, _ right: RuleError) -> Bool {
        (left.line, left.column, left.path) < (right.line, right.column, right.path)
    }
}

/// How a piece of the file reads in a message: in quotes, on one line, cut to a bearable length.
func quoted(_ text: String) -> String {
    let shown = String(text.prefix(60)).map { $0.isNewline ? " " : String($0) }.joined()
    return "\"\(shown)\(text.count > 60 ? "…" : "")\""
}
