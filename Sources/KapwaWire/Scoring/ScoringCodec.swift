public import KapwaDomain

/// A text on its way to a worker.
public struct ScoringTask: Sendable, Hashable {
    public var text: String
    /// What the sender said about it.
    public var language: Assessment.Language?

    public init(text: String, language: Assessment.Language? = nil) {
        self.text = text
        self.language = language
    }
}

/// Writes and reads what daemon and workers send each other about one text: `{"text","language"?}` one way, the
/// assessment the other way. For one thread.
public final class ScoringCodec {
    private let parser = JSONParser()
    private var writer = FieldWriter()

    public init() {}

    /// A task as its frame.
    public func payload(of task: ScoringTask) -> [UInt8] {
        writer.open.removeAll()
        writer.open.raw("{\"text\":")
        writer.open.string(task.text)
        if let language = task.language {
            writer.open.key("language")
            language.write(to: &writer.open)
        }
        writer.open.byte(UInt8(ascii: "}"))
        return writer.open.bytes
    }

    /// The task in a frame; `nil` when it is none.
    public func task(from payload: UnsafeRawBufferPointer) -> ScoringTask? {
        guard let root = try? parser.parse(payload), root.isObject else { return nil }
        var fields = CommandFields(root)
        let text = fields.requiredText("text", limit: Limits.textBytesMax, orEmpty: true)
        let language = fields.word("language", of: Assessment.Language.self)
        return fields.refusal == nil ? ScoringTask(text: text, language: language) : nil
    }

    /// Appends an assessment's frame.
    public func append(_ assessment: Assessment, to output: inout [UInt8]) {
        writer.open.removeAll()
        writer.whole(assessment)
        output.append(contentsOf: writer.open.bytes)
    }

    /// The assessment in a frame; `nil` when it is none, or one that no scorer within the limits could have found.
    public func assessment(from frame: ArraySlice<UInt8>) -> Assessment? {
        frame.withUnsafeBytes { bytes in
            guard let root = try? parser.parse(bytes), root.isObject else { return nil }
            var reader = FieldReader(fields: JSONFields(root))
            var assessment = Assessment()
            assessment.visit(&reader)
            return reader.failure == nil && !reader.lacksSealed && assessment.isWithinLimits ? assessment : nil
        }
    }
}

extension Assessment {
    /// Whether a scorer that keeps to the limits could have found it.
    fileprivate var isWithinLimits: Bool {
        evidence.count <= Limits.evidencePerMessageMax && safety.count <= Limits.safetyFlagsPerMessageMax
            && Tag.allCases.allSatisfy { (0...1_000).contains(tags[$0].milli) }
            && (-1_000...1_000).contains(polarity.milli) && (0...1_000).contains(coverage.milli)
    }
}
