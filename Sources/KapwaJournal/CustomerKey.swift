internal import Crypto
import Foundation
import Glibc
public import KapwaDomain

/// What turns the ids of customers into names that mean nothing to whoever does not have it: a file of 32 random bytes
/// in the data directory, readable by its owner alone.
public struct CustomerKey: Sendable {
    /// Name of the file in its data directory.
    public static let fileName = "customers.key"
    /// What such a name begins with.
    public static let prefix = "kh-"
    private static let nameDigits = 32
    private static let signDigits = 8

    private let key: SymmetricKey

    private init(bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// The key of a data directory; made when there is none. On disk when it returns.
    public static func open(in directory: String) throws(JournalError) -> CustomerKey {
        if let key = try read(in: directory) { return key }
        let place = DataDirectory(path: directory)
        try place.make()
        let path = place.file(fileName)
        let draft = path + ".unfinished"
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        unlink(draft)
        let descriptor = Glibc.open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritable(path: draft, why: String(cString: strerror(errno))) }
        let text = Array((hexadecimal(bytes) + "\n").utf8)
        let isWritten = Glibc.write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        let problem = errno
        Glibc.close(descriptor)
        guard isWritten, rename(draft, path) == 0 else {
            unlink(draft)
            if problem == ENOSPC || problem == EDQUOT { throw .full(path: path) }
            throw .notWritable(path: path, why: String(cString: strerror(problem)))
        }
        try place.synchronize()
        return CustomerKey(bytes: bytes)
    }

    /// The key of a data directory; `nil` when there is none.
    public static func read(in directory: String) throws(JournalError) -> CustomerKey? {
        let path = DataDirectory(path: directory).file(fileName)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .notReadable(path: path, why: "it cannot be opened")
        }
        let digits = Array(data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).first ?? Data())
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let byte = UInt8(String(decoding: digits[place..<(place + 2)], as: UTF8.self), radix: 16) else {
                break
            }
            bytes.append(byte)
        }
        guard digits.count == 64, bytes.count == 32 else {
            throw .corrupt(path: path, tenant: nil, sequence: nil, what: "it is no key of 64 hexadecimal digits")
        }
        return CustomerKey(bytes: bytes)
    }

    /// The name of a customer: the same for the same id, and of no use to find out the id without the key.
    ///
    /// A name that this key has given stays as it is, so that what events say can be sent back.
    public func name(of customer: CustomerID, tenant: TenantID) -> CustomerID {
        if isOwn(customer.rawValue) { return customer }
        let name = code([tenant.rawValue, customer.rawValue]).prefix(Self.nameDigits)
        return CustomerID(Self.prefix + name + sign(name))
    }

    /// Whether it has the form of a name that some key gave.
    public static func isName(_ customer: CustomerID) -> Bool { customer.rawValue.hasPrefix(prefix) }

    private func isOwn(_ text: String) -> Bool {
        guard text.utf8.count == Self.prefix.utf8.count + Self.nameDigits + Self.signDigits,
            text.hasPrefix(Self.prefix)
        else { return false }
        let digits = text.dropFirst(Self.prefix.count)
        return sign(digits.prefix(Self.nameDigits)) == digits.suffix(Self.signDigits)
    }

    /// By which a name of one's own is told from an id that only looks like one.
    private func sign(_ name: Substring) -> Substring {
        code(["", String(name)]).prefix(Self.signDigits)
    }

    /// Each text is led by its length: no two lists give the same bytes.
    private func code(_ texts: [String]) -> Substring {
        var sum = HMAC<SHA256>(key: key)
        for text in texts {
            withUnsafeBytes(of: Int64(text.utf8.count).bigEndian) { sum.update(data: $0) }
            sum.update(data: Array(text.utf8))
        }
        return Self.hexadecimal(Array(sum.finalize()))[...]
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
