internal import Foundation

extension Lexicon {
    /// Loads every `*.tsv` of a directory in the order of the names, then the overlays in the order given.
    ///
    /// - Throws: every fault of every file at once, unreadable ones included.
    public static func load(directory: String, overlays: [String] = []) throws(LexiconError) -> Lexicon {
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
        for name in files { read(directory + "/" + name, name, &sources, &problems) }
        for path in overlays { read(path, (path as NSString).lastPathComponent, &extra, &problems) }
        guard problems.isEmpty else { throw LexiconError(problems) }
        return try load(sources, overlays: extra)
    }

    private static func read(
        _ path: String, _ name: String, _ sources: inout [Source], _ problems: inout [LexiconError.Problem]
    ) {
        if let data = FileManager.default.contents(atPath: path) {
            sources.append(Source(name: name, bytes: Array(data)))
        } else {
            problems.append(
                LexiconError.Problem(
                    file: path, line: 0, what: "the file cannot be read", remedy: "check the path and its permissions"))
        }
    }
}
