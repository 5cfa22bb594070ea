internal import Foundation
internal import Glibc
internal import KapwaDomain

extension Lexicon {
    /// Loads every `*.tsv` of a directory in the order of the names, then the overlays in the order given.
    ///
    /// - Parameter current: returned as it is when the files have not changed.
    /// - Throws: every fault of every file at once, unreadable ones included.
    public static func load(
        directory: String, overlays: [String] = [], current: Lexicon? = nil
    ) throws(LexiconError) -> Lexicon {
        var problems: [LexiconError.Problem] = []
        var sources: [Source] = []
        var extra: [Source] = []
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let files = names.filter { $0.hasSuffix(".tsv") }.sorted()
        if files.isEmpty {
            problems.append(
                LexiconError.Problem(
                    file: directory, line: 0, what: "there is no lexicon here",
                    remedy: "name the folder that holds the *.tsv files (Models/lexicons)"))
        }
        if overlays.count > Limits.lexiconOverlaysMax {
            problems.append(
                LexiconError.Problem(
                    file: overlays[Limits.lexiconOverlaysMax], line: 0, what: "\(overlays.count) overlays are too many",
                    remedy: "join them into at most \(Limits.lexiconOverlaysMax) files"))
        }
        for name in files { read(directory + "/" + name, name, name, &sources, &problems) }
        for path in overlays.prefix(Limits.lexiconOverlaysMax) {
            read(path, (path as NSString).lastPathComponent, path, &extra, &problems)
        }
        guard problems.isEmpty else { throw LexiconError(problems) }
        let lexicon = try load(sources, overlays: extra, current: current)
        if let missing = lexicon.missingAlarm {
            let remedy = "copy the whole folder that comes with Kapwa; no alarm may fall silent"
            throw LexiconError([LexiconError.Problem(file: directory, line: 0, what: missing, remedy: remedy)])
        }
        return lexicon
    }

    /// What a half-copied folder lacks: without it danger would read as calm, and nobody would notice.
    private var missingAlarm: String? {
        var kinds: Set<SafetyFlag.Kind> = []
        var roles: Roles = []
        for index in 0..<tables.entries.count {
            if let safety = tables.entries[index].safety { kinds.insert(safety.kind) }
            roles.formUnion(tables.entries[index].roles)
        }
        if let kind = SafetyFlag.Kind.allCases.first(where: { !kinds.contains($0) }) {
            return "there is no row for safety `\(kind.rawValue)`"
        }
        let needed: [Role] = [.threat, .insult, .negator, .kin]
        return needed.first { !roles.meets(Roles($0)) }.map { "there is no row with the role `\($0.name)`" }
    }

    private static func read(
        _ path: String, _ name: String, _ shown: String, _ sources: inout [Source],
        _ problems: inout [LexiconError.Problem]
    ) {
        if let (what, remedy) = obstacle(path) {
            problems.append(LexiconError.Problem(file: shown, line: 0, what: what, remedy: remedy))
        } else if let data = FileManager.default.contents(atPath: path) {
            sources.append(Source(name: name, bytes: Array(data), path: shown))
        } else {
            problems.append(
                LexiconError.Problem(
                    file: shown, line: 0, what: "the file cannot be read", remedy: "check its permissions"))
        }
    }

    /// Why a file is not even opened: it is missing, it is something that may never end, or it would fill the memory.
    private static func obstacle(_ path: String) -> (what: String, remedy: String)? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return ("the file cannot be read: \(String(cString: strerror(errno)))", "check the path")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return ("this is no file", "name a file of rows") }
        guard status.st_size <= Limits.lexiconFileBytesMax else {
            return ("\(status.st_size) bytes are too many", "keep a file within \(Limits.lexiconFileBytesMax) bytes")
        }
        return nil
    }
}
