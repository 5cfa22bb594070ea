/// Finds the known word that somebody probably meant.
enum Nearest {
    /// The nearest word, if few enough letters differ for it to be a slip.
    static func word(to text: String, in words: [String]) -> String? {
        guard text.utf8.count <= 64 else { return nil }
        let near = words.map { (distance: distance(Array(text.lowercased()), Array($0)), word: $0) }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        guard let near, near.distance <= max(1, min(3, near.word.count / 3)) else { return nil }
        return near.word
    }

    /// Letters to insert, drop, replace or swap with their neighbour.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var rows = [Array(0...right.count)]
        for i in 1...max(1, left.count) where i <= left.count {
            var row = [i]
            for j in 1...max(1, right.count) where j <= right.count {
                let swap = left[i - 1] == right[j - 1] ? 0 : 1
                var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + swap)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    best = min(best, rows[i - 2][j - 2] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
