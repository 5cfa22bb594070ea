import KapwaDomain
import Testing

@testable import KapwaWire

struct FramingTests {
    static func check(_ frames: [[UInt8]]) -> Framing.Checked {
        let all = frames.flatMap { $0 }
        return all.withUnsafeBytes { all in
            var start = 0
            return Framing.check(
                frames.map { frame in
                    defer { start += frame.count }
                    return UnsafeRawBufferPointer(rebasing: all[start..<start + frame.count])
                })
        }
    }

    static func code(_ frames: [[UInt8]]) -> RefusalCode? {
        if case .failure(let refusal) = check(frames).commands { return refusal.code }
        return nil
    }

    @Test("a DEALER's and a REQ's message are laid out alike but for the delimiter")
    func layout() {
        let dealer = Self.check([bytes("KAPWA1"), bytes("{}"), bytes("{}")])
        #expect(!dealer.hasDelimiter)
        #expect(dealer.commands == .success(1..<3))
        let req = Self.check([[], bytes("KAPWA1"), bytes("{}")])
        #expect(req.hasDelimiter)
        #expect(req.commands == .success(2..<3))
        #expect(Framing.replyHead(delimiter: true) == [[], bytes("KAPWA1")])
        #expect(Framing.replyHead(delimiter: false) == [bytes("KAPWA1")])
    }

    @Test("an empty command frame is a frame; its JSON is what is wrong with it")
    func emptyFrame() { #expect(Self.check([bytes("KAPWA1"), []]).commands == .success(1..<2)) }

    @Test("broken framing is refused as a whole")
    func broken() {
        #expect(Self.code([]) == .malformed)
        #expect(Self.code([[]]) == .malformed)
        #expect(Self.code([[], []]) == .malformed)
        #expect(Self.code([bytes("{}")]) == .malformed)
        #expect(Self.code([bytes("KAPWA1")]) == .malformed)
        #expect(Self.code([[], bytes("KAPWA1")]) == .malformed)
        #expect(Self.code([bytes("KAPWA"), bytes("{}")]) == .malformed)
        #expect(Self.code([bytes("kapwa1"), bytes("{}")]) == .malformed)
        #expect(Self.code([bytes("KAPWA1 "), bytes("{}")]) == .malformed)
        #expect(Self.code([bytes("KAPWAW1"), bytes("{}")]) == .malformed)
    }

    @Test("another version is told what is spoken, before anything else is looked at")
    func version() {
        for header in ["KAPWA2", "KAPWA10", "KAPWA0"] {
            guard case .failure(let refusal) = Self.check([bytes(header)]).commands else {
                Issue.record("\(header) was taken")
                continue
            }
            #expect(refusal.code == .unsupportedVersion)
            #expect(refusal.supported == ["KAPWA1"])
        }
    }

    @Test("a thousand frames and four megabytes are the limits")
    func sizes() {
        let frame = bytes("{}")
        #expect(Self.code([bytes("KAPWA1")] + Array(repeating: frame, count: 1_000)) == nil)
        #expect(Self.code([bytes("KAPWA1")] + Array(repeating: frame, count: 1_001)) == .tooLarge)
        let quarter = [UInt8](repeating: 32, count: 1_048_576)
        #expect(Self.code([bytes("KAPWA1")] + Array(repeating: quarter, count: 4)) == .tooLarge)
        #expect(
            Self.code([bytes("KAPWA1")] + Array(repeating: quarter, count: 3) + [Array(quarter.dropLast(6))]) == nil)
    }
}
