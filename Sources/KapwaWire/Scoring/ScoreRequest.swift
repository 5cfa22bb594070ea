public import KapwaDomain

/// One line of `kapwa score --jsonl`: `{"id","text","from"?,"conversation"?}`.
public struct ScoreRequest: Sendable, Hashable {
    /// Whatever the sender calls the line.
    public var id: String
    public var text: String
    public var from: Speaker
    /// With it the line also gets the mood, over the lines of that conversation so far.
    public var conversation: String?

    public init(id: String, text: String, from: Speaker = .customer, conversation: String? = nil) {
        self.id = id
        self.text = text
        self.from = from
        self.conversation = conversation
    }
}

/// A line that cannot be scored; the others are.
public struct ScoreLineError: Error, Hashable, Sendable {
    /// The line's id, where it could be read.
    public var id: String?
    public var message: String

    public init(id: String?, message: String) {
        self.id = id
        self.message = message
    }
}

/// Reads lines to be scored. For one thread.
public final class ScoreLineDecoder {
    private let parser = JSONParser()

    public init() {}

    /// Decodes one line, without its line end.
    public func decode(_ line: UnsafeRawBufferPointer) throws(ScoreLineError) -> ScoreRequest {
        let root = try object(line)
        if let read = plain(root) {
            return ScoreRequest(
                id: read.id, text: String(decoding: read.text, as: UTF8.self), from: read.from,
                conversation: read.conversation)
        }
        return try request(root)
    }

    /// Decodes one line, without its line end, and hands over what was read.
    ///
    /// - Parameter use: gets the id, the text's UTF-8, which is good during the call only, who wrote it, and the
    ///   conversation.
    public func decode(
        _ line: UnsafeRawBufferPointer,
        use: (_ id: String, _ text: UnsafeBufferPointer<UInt8>, _ from: Speaker, _ conversation: String?) -> Void
    ) throws(ScoreLineError) {
        let root = try object(line)
        if let read = plain(root) { return use(read.id, read.text, read.from, read.conversation) }
        var request = try request(root)
        request.text.withUTF8 { use(request.id, $0, request.from, request.conversation) }
    }

    /// What nearly every line is: an id and a text, strings both, and nothing out of bounds; `nil` for any other.
    private func plain(
        _ root: JSONValue
    ) -> (id: String, text: UnsafeBufferPointer<UInt8>, from: Speaker, conversation: String?)? {
        var fields = JSONFields(root)
        guard let id = fields.find("id")?.utf8, let text = fields.find("text")?.utf8,
            id.count <= Limits.labelBytesMax, text.count <= Limits.textBytesMax
        else { return nil }
        var from = Speaker.customer
        if let named = fields.find("from") {
            guard let speaker = named.string.flatMap(Speaker.init(rawValue:)) else { return nil }
            from = speaker
        }
        var conversation: String?
        if let named = fields.find("conversation") {
            guard let utf8 = named.utf8, (1...Limits.labelBytesMax).contains(utf8.count) else { return nil }
            conversation = String(decoding: utf8, as: UTF8.self)
        }
        return (String(decoding: id, as: UTF8.self), text, from, conversation)
    }

    private func object(_ line: UnsafeRawBufferPointer) throws(ScoreLineError) -> JSONValue {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            throw ScoreLineError(id: nil, message: #"a blank line; {"id":…,"text":…} is expected"#)
        }
        guard line.count <= Limits.frameBytesMax else {
            let message = "the line has \(line.count) bytes; at most \(Limits.frameBytesMax) are allowed"
            throw ScoreLineError(id: nil, message: message)
        }
        let root: JSONValue
        do {
            root = try parser.parse(line)
        } catch {
            throw ScoreLineError(id: nil, message: "the line is not what it must be: \(error.message)")
        }
        guard root.isObject else {
            throw ScoreLineError(id: nil, message: #"the line is \#(root.kind); {"id":…,"text":…} is expected"#)
        }
        return root
    }

    /// Decodes one line, without its line end.
    public func decode(_ line: [UInt8]) throws(ScoreLineError) -> ScoreRequest {
        try line.withUnsafeBytes { bytes in
            Result { () throws(ScoreLineError) -> ScoreRequest in try self.decode(bytes) }
        }.get()
    }

    private func request(_ root: JSONValue) throws(ScoreLineError) -> ScoreRequest {
        // The same checks and messages as for a command's fields.
        var fields = CommandFields(root)
        let shown = fields.value("id")?.string
        let id = fields.requiredText("id", orEmpty: true)
        let text = fields.requiredText("text", limit: Limits.textBytesMax, orEmpty: true)
        let from = fields.word("from", of: Speaker.self)
        let conversation = fields.text("conversation")
        if let refusal = fields.refusal { throw ScoreLineError(id: shown, message: refusal.message) }
        return ScoreRequest(id: id, text: text, from: from ?? .customer, conversation: conversation)
    }
}
