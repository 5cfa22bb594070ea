import Foundation
import Glibc
public import KapwaDomain
public import KapwaTransport

/// The keys of a data directory: `keys/NAME.key` for each that holds, `keys/NAME.revoked` for each that did, and the
/// daemon's own in `keys/server.secret`. Secret halves of others are not kept.
public struct KeyDirectory: Sendable {
    public let path: String
    private let data: String

    /// - Parameter data: the daemon's data directory; made, when a key is, if it is not there.
    public init(data: String) {
        self.data = data
        path = URL(filePath: data).appending(path: "keys").path(percentEncoded: false)
    }

    // MARK: Making

    /// Makes a key, writes its secret half to `out`, and keeps its public half.
    ///
    /// - Parameter record: what it is to be, without a public key.
    /// - Throws: ``StartFailure`` when there is a key of that name, or a file at `out`.
    public func make(_ record: KeyRecord, out: String) throws(StartFailure) -> KeyRecord {
        let server = try serverKey()
        let file = self.file("\(record.name).key")
        guard !FileManager.default.fileExists(atPath: file) else {
            throw StartFailure(
                .cannotCreate,
                "there is a key \"\(record.name)\" already; revoke it first, or take another name")
        }
        guard try names().filter({ $0.hasSuffix(".key") }).count < Limits.keysMax else {
            throw StartFailure(.cannotCreate, "there are \(Limits.keysMax) keys, the most there can be; revoke some")
        }
        let pair: CurveKeyPair
        do throws(TransportError) { pair = try CurveKeyPair.generate() } catch { throw StartFailure(error) }
        var record = record
        record.publicKey = pair.publicKey
        try OwnFile.create(out, SecretFile.text(of: record, pair, server: server.publicKey))
        do throws(StartFailure) {
            try OwnFile.publish(file, KeyFile.text(of: record), owner: owner, replacing: false)
        } catch {
            unlink(out)
            throw error
        }
        return record
    }

    /// Takes a key back: nobody gets in by it any more.
    public func revoke(_ name: String, at now: Instant) throws(StartFailure) -> KeyRecord {
        guard KeyRecord.isName(name) else { throw StartFailure(.usage, "\"\(name)\" is no name of a key") }
        let file = self.file("\(name).key")
        guard FileManager.default.fileExists(atPath: file) else {
            throw StartFailure(.noInput, "there is no key \"\(name)\" in \(path); kapwa keys list shows them")
        }
        var record = try read(file, name: name)
        record.revokedAt = now
        try OwnFile.publish(self.file("\(name).revoked"), KeyFile.text(of: record), owner: owner, replacing: true)
        guard unlink(file) == 0 else { throw OwnFile.failure(file) }
        try OwnFile.synchronizeDirectory(of: file)
        return record
    }

    /// The daemon's pair; made if there is none.
    public func serverKey() throws(StartFailure) -> CurveKeyPair {
        let file = self.file("server.secret")
        if !FileManager.default.fileExists(atPath: file) {
            try makeDirectory()
            let pair: CurveKeyPair
            do throws(TransportError) { pair = try CurveKeyPair.generate() } catch { throw StartFailure(error) }
            do throws(StartFailure) {
                try OwnFile.publish(file, SecretFile.text(of: pair), owner: owner, replacing: false)
            } catch {
                // Somebody else made one at the same time: theirs it is.
                guard FileManager.default.fileExists(atPath: file) else { throw error }
            }
        }
        return try SecretFile.read(file).pair
    }

    private func makeDirectory() throws(StartFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartFailure(.cannotCreate, "\(path) cannot be made: \(error.localizedDescription)")
        }
        if let owner, geteuid() == 0 { _ = chown(path, owner.user, owner.group) }
    }

    /// Whoever runs the daemon owns its data; what root makes is to be readable for them.
    private var owner: OwnFile.Owner? { OwnFile.Owner(of: data) }

    private func file(_ name: String) -> String {
        URL(filePath: path).appending(path: name).path(percentEncoded: false)
    }

    // MARK: Reading

    /// Every key, those that hold first, each in the order of their names.
    public func list() throws(StartFailure) -> [KeyRecord] {
        var records: [KeyRecord] = []
        for suffix in Self.suffixes {
            for name in try names() where name.hasSuffix(suffix) {
                records.append(try read(file(name), name: String(name.dropLast(suffix.count))))
            }
        }
        return records
    }

    /// What the directory amounts to: a key whose file cannot be read opens nothing.
    struct Reading: Sendable {
        var keyring = Keyring()
        var records: [KeyRecord] = []
        /// What is wrong with files, one each.
        var faults: [StartFailure] = []
        /// Whether a key was ever made.
        var hasKeys = false
    }

    func read() throws(StartFailure) -> Reading {
        var reading = Reading()
        // Who can write where the keys' directory lies can put another in its place.
        for place in [path, data] {
            var status = stat()
            guard stat(place, &status) == 0 else { break }
            guard status.st_mode & 0o022 == 0 else {
                throw StartFailure(
                    .configuration, "others than its owner can write in \(place), and let themselves in; chmod 700 it")
            }
            try check(status.st_uid, of: place)
        }
        // Revoked ones first: what was taken back stays taken back, under whatever name it comes again.
        for suffix in Self.suffixes.reversed() {
            for name in try names() where name.hasSuffix(suffix) {
                reading.hasKeys = true
                do throws(StartFailure) {
                    let record = try read(file(name), name: String(name.dropLast(suffix.count)))
                    reading.take(record, isRevoked: suffix == ".revoked" || record.revokedAt != nil)
                } catch {
                    reading.faults.append(error)
                }
            }
        }
        return reading
    }

    private static let suffixes = [".key", ".revoked"]

    private func read(_ path: String, name: String) throws(StartFailure) -> KeyRecord {
        let (bytes, status) = try OwnFile.read(path, what: "the key", most: Limits.keyFileBytesMax)
        guard status.st_mode & 0o022 == 0 else {
            throw StartFailure(
                .configuration, "others than its owner can change \(path), and let themselves in; chmod 600 it")
        }
        try check(status.st_uid, of: path)
        return try KeyFile.read(bytes, path: path, name: name)
    }

    /// The names of all its files, sorted; none when it is not there.
    /// Whoever owns a file can change it whatever its mode: it has to be whose daemon this is, or root.
    private func check(_ user: uid_t, of place: String) throws(StartFailure) {
        guard user == 0 || user == geteuid() || user == owner?.user else {
            throw StartFailure(
                .configuration,
                "\(place) belongs to user \(user), who could let themselves in; chown it to the daemon's user")
        }
    }

    private func names() throws(StartFailure) -> [String] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw StartFailure(.noInput, "the keys in \(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            return []
        }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw StartFailure(.noInput, "the keys in \(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// The name of the auditor's key whose secret half the file has; `nil` where no key was ever made, and nobody is
    /// asked for one.
    ///
    /// - Throws: ``StartFailure`` when somebody else's key, or none, is shown.
    public func auditor(showing file: String?, tenant: String) throws(StartFailure) -> KeyName? {
        let reading = try read()
        guard reading.hasKeys else { return nil }
        guard let file else {
            throw StartFailure(.configuration, "there are keys here: name the file of an auditor's with --key")
        }
        let held = try SecretFile.read(file)
        guard let caller = reading.keyring.callers[held.pair.publicKey], let key = caller.key, caller.has(.auditor),
            caller.tenant?.rawValue == tenant
        else {
            throw StartFailure(.configuration, "\(file) is no key of an auditor of tenant \(tenant)")
        }
        return key
    }

    /// Changes whenever a file does.
    func fingerprint() -> [String] {
        ((try? names()) ?? []).filter { name in Self.suffixes.contains { name.hasSuffix($0) } }.map { name in
            var status = stat()
            guard stat(file(name), &status) == 0 else { return name }
            return "\(name) \(status.st_ino) \(status.st_size) \(status.st_mode) "
                + "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }
}

extension KeyDirectory.Reading {
    fileprivate mutating func take(_ record: KeyRecord, isRevoked: Bool) {
        let isKnown = keyring.callers[record.publicKey] != nil || keyring.revoked.contains(record.publicKey)
        guard !isRevoked, !isKnown else {
            keyring.callers[record.publicKey] = nil
            keyring.revoked.insert(record.publicKey)
            guard !isRevoked else { return }
            faults.append(
                StartFailure(.badData, "key \"\(record.name)\" is the same as one that was revoked, or as another"))
            return
        }
        records.append(record)
        keyring.callers[record.publicKey] = record.caller
    }
}
