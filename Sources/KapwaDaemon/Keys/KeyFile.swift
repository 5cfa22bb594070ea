import KapwaDomain
import KapwaRules
import KapwaTransport
import KapwaWire

/// A key of the daemon's directory as a text that people can read and change.
enum KeyFile {
    private static let keys = [
        "public", "role", "tenant", "queues", "agents", "all_agents", "made_at", "revoked_at",
    ]

    static func text(of record: KeyRecord) -> [UInt8] {
        var lines = [
            "# The public half of Kapwa key \"\(record.name)\", and what whoever has the secret half may do.",
            "public: \"\(record.publicKey)\"", "role: \(record.role.rawValue)",
        ]
        if let tenant = record.tenant { lines.append("tenant: \"\(tenant)\"") }
        if !record.queues.isEmpty { lines.append("queues: \(list(record.queues.map(\.rawValue)))") }
        switch record.agents {
        case .all: lines.append("all_agents: true")
        case .these(let agents) where !agents.isEmpty: lines.append("agents: \(list(agents.map(\.rawValue)))")
        case .these: break
        }
        lines.append("made_at: \"\(Timestamp.text(record.madeAt))\"")
        if let revoked = record.revokedAt { lines.append("revoked_at: \"\(Timestamp.text(revoked))\"") }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func list(_ names: [String]) -> String {
        "[\(names.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }

    /// Reads a file of the directory.
    ///
    /// - Throws: ``StartFailure`` with everything that is wrong with it, one a line.
    static func read(_ bytes: [UInt8], path: String, name: String) throws(StartFailure) -> KeyRecord {
        let draft: Draft
        do {
            draft = try StrictYAML.read(
                bytes: bytes, name: path, bytesMax: Limits.keyFileBytesMax, keys: keys, build: Draft.init(section:)
            ).value
        } catch {
            throw StartFailure(.badData, error.errors.map(\.description).joined(separator: "\n"))
        }
        guard CurveKey.isKey(draft.publicKey), !CurveKey.isPublished(draft.publicKey) else {
            throw StartFailure(
                .badData, "\(path): \"public\" is no key of anybody's own; make one with kapwa keys new")
        }
        do throws(StartFailure) {
            var record = try KeyRecord(
                name: name, role: draft.role, tenant: draft.tenant, queues: draft.queues, agents: draft.agents,
                allAgents: draft.allAgents, publicKey: draft.publicKey, madeAt: draft.madeAt)
            record.revokedAt = draft.revokedAt
            return record
        } catch {
            throw StartFailure(.badData, "\(path): \(error)")
        }
    }

    /// What stands in a file, each for itself right.
    private struct Draft: Sendable {
        var publicKey = ""
        var role = Role.observer
        var tenant: String?
        var queues: [String] = []
        var agents: [String] = []
        var allAgents = false
        var madeAt = Instant(milliseconds: 0)
        var revokedAt: Instant?

        init(section: Section) {
            publicKey = section.required("public", example: "40 characters")?.text(bytes: 40...40) ?? ""
            role = section.required("role", example: "observer")?.choice("role", of: Role.self) ?? .observer
            tenant = section["tenant"]?.text(bytes: 1...Limits.tenantBytesMax)
            queues = Self.names(section["queues"])
            agents = Self.names(section["agents"])
            allAgents = section["all_agents"]?.flag() ?? false
            madeAt = Self.instant(section["made_at"]) ?? madeAt
            revokedAt = Self.instant(section["revoked_at"])
        }

        private static func names(_ field: Field?) -> [String] {
            field?.list(most: Limits.keyBindingsMax)?.compactMap { $0.text(bytes: 1...Limits.identifierBytesMax) } ?? []
        }

        private static func instant(_ field: Field?) -> Instant? {
            guard let field, let text = field.text() else { return nil }
            let instant = Timestamp.read(text)
            if instant == nil { field.report("that is no time", fix: "write one like 2026-11-21T19:30:00Z") }
            return instant
        }
    }
}
