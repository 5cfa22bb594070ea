/// Writes fields as JSON, the open, the personal and the sealed part each into a buffer of its own.
struct FieldWriter: FieldVisitor {
    var open: ByteWriter
    var personal: ByteWriter
    var sealed = ByteWriter(capacity: 256)
    /// Whether what is sealed is left out of every form: nobody knows it any more.
    var leavesSealedOut = false
    var masks = false
    var dropsWords = false
    /// The part of the object that is being written; what is inside an object stays with it.
    private var inside: Part?

    init(open: ByteWriter = ByteWriter(), personal: ByteWriter = ByteWriter(capacity: 256)) {
        self.open = open
        self.personal = personal
    }

    private mutating func write(_ part: Part, _ body: (inout ByteWriter) -> Void) {
        switch inside ?? part {
        case .open: body(&open)
        case .personal: body(&personal)
        case .sealed: body(&sealed)
        }
    }

    /// Whether the value still has to be written.
    private mutating func passes(_ key: StaticString, _ part: Part, _ mask: Mask) -> Bool {
        if part == .sealed && leavesSealedOut { return false }
        guard masks else { return true }
        switch mask {
        case .plain: return true
        case .omitted: return false
        case .word(let word):
            write(part) {
                $0.key(key)
                $0.byte(UInt8(ascii: "\""))
                $0.raw(word)
                $0.byte(UInt8(ascii: "\""))
            }
            return false
        }
    }

    mutating func value<T: WireValue>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        guard passes(key, part, mask) else { return }
        if part == .personal && value.isBlank { return }
        write(part) {
            $0.key(key)
            value.write(to: &$0)
        }
    }

    mutating func optional<T: WireValue>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        guard let value, passes(key, part, mask) else { return }
        write(part) {
            $0.key(key)
            value.write(to: &$0)
        }
    }

    mutating func object<T: Visited>(_ key: StaticString, _ value: inout T, _ part: Part, _ mask: Mask) {
        guard passes(key, part, mask) else { return }
        write(part) { $0.key(key) }
        braced(&value, part)
    }

    mutating func optionalObject<T: Visited>(_ key: StaticString, _ value: inout T?, _ part: Part, _ mask: Mask) {
        guard var present = value else { return }
        object(key, &present, part, mask)
    }

    mutating func objects<T: Visited>(_ key: StaticString, _ values: inout [T], _ part: Part) {
        if part == .personal && values.isEmpty || part == .sealed && leavesSealedOut { return }
        // That there is nothing needs no key.
        let part = part == .sealed && values.isEmpty ? .open : part
        write(part) {
            $0.key(key)
            $0.byte(UInt8(ascii: "["))
        }
        for var value in values {
            write(part) { $0.separate() }
            braced(&value, part)
        }
        write(part) { $0.byte(UInt8(ascii: "]")) }
    }

    mutating func optionalInline<T: Visited>(_ marker: StaticString, _ value: inout T?) {
        guard var present = value else { return }
        present.visit(&self)
    }

    mutating func word(_ key: StaticString, _ word: StaticString) {
        if masks { _ = passes(key, .open, .word(word)) }
    }

    /// Writes one object with all of its fields, personal ones too, to the open buffer; `more` goes before them.
    mutating func whole<T: Visited>(_ value: T, after more: (inout ByteWriter) -> Void = { _ in }) {
        var value = value
        let outer = inside
        inside = .open
        open.byte(UInt8(ascii: "{"))
        more(&open)
        value.visit(&self)
        open.byte(UInt8(ascii: "}"))
        inside = outer
    }

    private mutating func braced<T: Visited>(_ value: inout T, _ part: Part) {
        let outer = inside
        inside = outer ?? part
        write(part) { $0.byte(UInt8(ascii: "{")) }
        value.visit(&self)
        write(part) { $0.byte(UInt8(ascii: "}")) }
        inside = outer
    }
}
