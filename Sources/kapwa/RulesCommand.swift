import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaDomain
import KapwaRules

struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at rules before they touch the floor.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says everything that is wrong with a rules file.",
            discussion: """
                Each finding is one line FILE:LINE:COLUMN. Exit code 0 when the file holds, warnings or not; 65 when it \
                does not; 66 when it cannot be read.

                Examples:
                  kapwa rules check deploy/rules.yaml
                """)

        @Argument(help: "The rules file.")
        var file: String

        func run() async throws {
            try await Failing.withOneLine {
                let bytes = try FileInput.bytes(file, most: Limits.rulesFileBytesMax)
                switch RuleFile.read(bytes: bytes, name: file) {
                case .success(let read):
                    for warning in read.warnings { print(warning) }
                    let queues = read.rules.queues.map(\.id.rawValue).joined(separator: ", ")
                    print(
                        "\(file): holds; queues \(queues); routing \(read.rules.routingMode), breaks \(read.rules.breaksMode)"
                    )
                case .failure(let errors):
                    for error in errors.errors { print(error) }
                    throw ExitCode(StartFailure.Code.badData.rawValue)
                }
            }
        }
    }
}

/// Files that a command was given.
enum FileInput {
    static func bytes(_ path: String, most: Int) throws(StartFailure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartFailure(.noInput, "\(path) cannot be read; name a file that is there")
        }
        guard data.count <= most else {
            throw StartFailure(.badData, "\(path) is \(data.count) bytes long; \(most) are the most")
        }
        return Array(data)
    }
}
