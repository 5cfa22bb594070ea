/// The words of a term: `gusto (ko|kong) (na|nang|) <kin> sira~ *`.
///
/// `(a|b|)` are alternatives, an empty one leaves the place out; `<role>` is any word with that role;
/// `word~` is a root in any of its forms; `*` is any one word.
struct TermPattern {
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

    /// The places of the term in order, and for each the runs of pieces that may fill it.
    private(set) var places: [[[Piece]]] = []
    /// In how many ways the term can be read: one option for each place.
    private(set) var readings = 1

    init(_ term: String) throws(Fault) {
        let bytes = Array(term.utf8)
        var rest = bytes[...]
        while let first = rest.first {
            if first == UInt8(ascii: " ") {
                rest = rest.dropFirst()
                continue
            }
            if first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")),
                rest[..<end].contains(UInt8(ascii: "|"))
            {
                var options: [[Piece]] = []
                for choice in rest[(rest.startIndex + 1)..<end]
                    .split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
                {
                    options.append(try Self.pieces(choice))
                }
                places.append(options)
                rest = rest[(end + 1)...]
            } else {
                let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
                places.append([[try Self.piece(rest[..<end])]])
                rest = rest[end...]
            }
            readings *= places[places.count - 1].count
            guard readings <= Self.readingsMax else {
                throw Fault(
                    what: "`\(term)` has over \(Self.readingsMax) readings", remedy: "split it into several rows")
            }
        }
    }

    /// Whether every reading is one piece.
    var isSingleWord: Bool {
        var (least, most) = (0, 0)
        for options in places {
            var (shortest, longest) = (Int.max, 0)
            for option in options {
                shortest = min(shortest, option.count)
                longest = max(longest, option.count)
            }
            least += shortest
            most += longest
        }
        return least == 1 && most == 1
    }

    private static func pieces(_ text: ArraySlice<UInt8>) throws(Fault) -> [Piece] {
        var pieces: [Piece] = []
        for word in text.split(separator: UInt8(ascii: " ")) { pieces.append(try piece(word)) }
        return pieces
    }

    private static func piece(_ word: ArraySlice<UInt8>) throws(Fault) -> Piece {
        let last = word[word.endIndex - 1]
        if word.count == 1, last == UInt8(ascii: "*") { return .any }
        if word.count > 2, word.first == UInt8(ascii: "<"), last == UInt8(ascii: ">") {
            let name = String(decoding: word.dropFirst().dropLast(), as: UTF8.self)
            guard let role = Role(named: name) else {
                throw Fault(what: "unknown role `<\(name)>`", remedy: "use the name of a role")
            }
            return .role(role)
        }
        if word.count > 1, last == UInt8(ascii: "~") { return .root(String(decoding: word.dropLast(), as: UTF8.self)) }
        return .literal(String(decoding: word, as: UTF8.self))
    }
}
