/// A name that somebody else chose: 1–128 bytes of `[A-Za-z0-9._:@+-]`, compared bytewise.
///
/// The phantom `Subject` keeps an agent's name from being passed where a conversation's is meant.
/// The initialiser does not check: what comes from outside goes through ``isValid(_:)`` at the wire, once.
public struct Identifier<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as it came.
    public let rawValue: String

    /// Wraps a name that was already checked.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    /// Whether these bytes may be an identifier on the wire.
    public static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        guard (1...Limits.identifierBytesMax).contains(bytes.count) else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"): true
            case UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier where Subject == Named.Tenant {
    /// Who names no tenant means this one.
    public static var main: Self { Self("main") }

    /// Whether it is 1 to 32 of `a-z`, `0-9` and `-`.
    public static func isTenant(_ name: String) -> Bool {
        (1...Limits.tenantBytesMax).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}

extension Identifier: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}

/// What an ``Identifier`` can name. Uninhabited: these types exist for the compiler alone.
public enum Named {
    public enum Tenant {}
    public enum Agent {}
    public enum Conversation {}
    public enum Customer {}
    public enum Offer {}
    public enum Break {}
    public enum Queue {}
    public enum Skill {}
    public enum Command {}
    public enum Team {}
    public enum Key {}
}

public typealias TenantID = Identifier<Named.Tenant>
public typealias AgentID = Identifier<Named.Agent>
public typealias ConversationID = Identifier<Named.Conversation>
public typealias CustomerID = Identifier<Named.Customer>
/// `o` and the sequence number of the event that made the offer.
public typealias OfferID = Identifier<Named.Offer>
/// `b` and the sequence number of the event that first spoke of the break.
public typealias BreakID = Identifier<Named.Break>
public typealias QueueID = Identifier<Named.Queue>
public typealias SkillID = Identifier<Named.Skill>
public typealias CommandID = Identifier<Named.Command>
public typealias TeamID = Identifier<Named.Team>
public typealias KeyName = Identifier<Named.Key>
