/// The words of a term: `gusto (ko|kong) (na|nang|) <kin> sira~ *`.
///
/// `(a|b|)` are alternatives, an empty one leaves the place out; `<role>` is any word with that role;
/// `word~` is a root in any of its forms; `*` is any one word.
enum TermPattern {
    enum Piece: Hashable {
        case literal(String)
        case root(String)
        case role(Role)
        case any
    }

    struct Fault: Error {
        var what: String
        var remedy: String
    }

    /// More ways than this to read one term are refused: such a row wants to be several.
    static let readingsMax = 1_024

    /// All sequences of pieces that the term stands for.
    static func expand(_ term: String) throws(Fault) -> [[Piece]] {
        var readings: [[Piece]] = [[]]
        var rest = Substring(term)
        while !rest.isEmpty {
            if rest.first == " " {
                rest = rest.dropFirst()
                continue
            }
            let options: [[Piece]]
            if rest.first == "(", let end = rest.firstIndex(of: ")"),
                rest[..<end].contains("|")
            {
                var choices: [[Piece]] = []
                for choice in rest[rest.index(after: rest.startIndex)..<end]
                    .split(separator: "|", omittingEmptySubsequences: false)
                {
                    choices.append(try pieces(choice))
                }
                options = choices
                rest = rest[rest.index(after: end)...]
            } else {
                let end = rest.firstIndex(of: " ") ?? rest.endIndex
                options = [try pieces(rest[..<end])]
                rest = rest[end...]
            }
            guard readings.count * options.count <= readingsMax else {
                throw Fault(what: "`\(term)` has over \(readingsMax) readings", remedy: "split it into several rows")
            }
            readings = readings.flatMap { reading in options.map { reading + $0 } }
        }
        return readings
    }

    private static func pieces(_ text: Substring) throws(Fault) -> [Piece] {
        var pieces: [Piece] = []
        for word in text.split(separator: " ") {
            if word == "*" {
                pieces.append(.any)
            } else if word.first == "<", word.last == ">", word.count > 2 {
                let name = String(word.dropFirst().dropLast())
                guard let role = Role(named: name) else {
                    throw Fault(what: "unknown role `<\(name)>`", remedy: "use the name of a role")
                }
                pieces.append(.role(role))
            } else if word.last == "~", word.count > 1 {
                pieces.append(.root(String(word.dropLast())))
            } else {
                pieces.append(.literal(String(word)))
            }
        }
        return pieces
    }
}
