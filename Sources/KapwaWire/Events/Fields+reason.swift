import KapwaDomain

extension FieldVisitor {
    /// A reason: Kapwa's own word stands in the open part, a person's words in the personal one, under the same key.
    ///
    /// - Parameter part: where Kapwa's own word stands.
    mutating func reason(
        _ key: StaticString, _ reason: inout Reason?, _ mask: Mask = .plain, in part: Part = .open
    ) {
        var word = reason.flatMap { $0.isFree ? nil : $0.text }
        var words = reason.flatMap { $0.isFree ? $0.text : nil }
        optional(key, &word, part, mask)
        // A person's words are for those who may read the full form.
        if word == nil && !dropsWords { personal(key, &words, .omitted) }
        reason = word.map { .word($0) } ?? words.map { .free($0) }
    }
}
