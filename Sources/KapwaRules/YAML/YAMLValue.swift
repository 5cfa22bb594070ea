/// A piece of a YAML file with the place where it stands.
struct YAMLValue {
    indirect enum Kind {
        /// `quoted`: written in quotes or as a block, and therefore text whatever it looks like.
        case scalar(String, quoted: Bool)
        case list([YAMLValue])
        case mapping([Entry])
    }

    struct Entry {
        var key: String
        var place: Place
        var value: YAMLValue
    }

    /// Line and column from 1, columns in Unicode scalars.
    struct Place: Hashable, Comparable {
        var line: Int
        var column: Int

        static let start = Place(line: 1, column: 1)

        static func < (left: Self, right: Self) -> Bool {
            (left.line, left.column) < (right.line, right.column)
        }
    }

    var kind: Kind
    var place: Place

    /// What it is, in words.
    var noun: String {
        switch kind {
        case .scalar(let text, let quoted):
            !quoted && (text.isEmpty || text == "~" || text == "null") ? "nothing" : "text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
