/// Rows of a file whose fields stand between commas, semicolons or tabs (RFC 4180 with its usual relatives).
struct CommaSeparated {
    struct Row {
        /// Where it begins, from 1.
        var line: Int
        var fields: [String]
    }

    /// What went wrong, and in which line.
    struct Failure: Error {
        var line: Int
        var message: String
    }

    /// Empty lines are passed over. The separator is the one of comma, semicolon and tab that the first line has most.
    static func rows(of text: String) throws(Failure) -> [Row] {
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        let header = text.prefix { !$0.isNewline }
        let separator = [Character(","), ";", "\t"].max { left, right in
            header.count { $0 == left } < header.count { $0 == right }
        }
        var reader = Reader(separator: separator ?? ",")
        for character in text { try reader.take(character) }
        return try reader.end()
    }

    private struct Reader {
        let separator: Character
        var rows: [Row] = []
        var fields: [String] = []
        var field = ""
        var line = 1
        var begin = 1
        /// Inside quotation marks; just after the closing one.
        var isQuoted = false
        var wasQuoted = false
        var quoteLine = 1

        init(separator: Character) { self.separator = separator }

        mutating func take(_ character: Character) throws(Failure) {
            if isQuoted {
                if character.isNewline { line += 1 }
                if character == "\"" { (isQuoted, wasQuoted) = (false, true) } else { field.append(character) }
            } else if character == "\"" {
                if wasQuoted {
                    field.append(character)
                    (isQuoted, wasQuoted) = (true, false)
                } else if field.allSatisfy(\.isWhitespace) {
                    (field, isQuoted, quoteLine) = ("", true, line)
                } else {
                    throw Failure(
                        line: line, message: "a quotation mark inside a field; double it, and quote the field")
                }
            } else if character == separator {
                endField()
            } else if character.isNewline {
                endRow()
                line += 1
                begin = line
            } else if wasQuoted && !character.isWhitespace {
                throw Failure(line: line, message: "something follows a closing quotation mark; put a separator there")
            } else {
                if !wasQuoted { field.append(character) }
            }
        }

        private mutating func endField() {
            fields.append(String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
            (field, wasQuoted) = ("", false)
        }

        private mutating func endRow() {
            endField()
            if fields != [""] { rows.append(Row(line: begin, fields: fields)) }
            fields = []
        }

        mutating func end() throws(Failure) -> [Row] {
            if isQuoted { throw Failure(line: quoteLine, message: "a quotation mark is opened here and never closed") }
            endRow()
            return rows
        }
    }
}
