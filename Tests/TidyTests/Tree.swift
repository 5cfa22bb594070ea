import Foundation

/// The package's own files, as they lie on disk.
enum Tree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// From the root of the package.
        let path: String
        let lines: [String]

        /// The target that it belongs to: the folder below `Sources` or `Tests`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    /// Every Swift file below a folder of the package.
    static func swiftFiles(_ folder: String) throws -> [File] {
        let base = root.appending(path: folder).resolvingSymlinksInPath()
        let names = FileManager.default.enumerator(atPath: base.path(percentEncoded: false))
        var files: [File] = []
        while let name = names?.nextObject() as? String {
            guard name.hasSuffix(".swift") else { continue }
            let text = try String(contentsOf: base.appending(path: name), encoding: .utf8)
            files.append(File(path: "\(folder)/\(name)", lines: text.components(separatedBy: "\n")))
        }
        return files.sorted { $0.path < $1.path }
    }
}
