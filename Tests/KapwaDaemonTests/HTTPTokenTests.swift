import Foundation
import Glibc
import Testing

@testable import KapwaDaemon

@Suite("The token of the HTTP side")
struct HTTPTokenTests {
    private let data: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "kapwa-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        data = directory.path(percentEncoded: false)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test("it is made once, for its owner alone, and is another in every directory")
    func made() throws {
        let token = try HTTPToken.load(data: data)
        #expect(token.utf8.count == 43)
        #expect(mode(HTTPToken.path(data: data)) == 0o600)
        #expect(try HTTPToken.load(data: data) == token)
        try FileManager.default.removeItem(atPath: HTTPToken.path(data: data))
        #expect(try HTTPToken.load(data: data) != token)
        try FileManager.default.removeItem(atPath: data)
    }

    @Test("one that others can read, or that is too short to be one, is not taken, and never repeated")
    func refused() throws {
        let path = HTTPToken.path(data: data)
        let good = String(repeating: "k", count: 40)
        for (content, mode, code) in [
            (good, 0o644, .configuration), (good, 0o640, .configuration), ("kurz", 0o600, .badData),
            ("", 0o600, .badData), ("\(good) \(good)", 0o600, .badData),
        ] as [(String, mode_t, StartFailure.Code)] {
            try Data("\(content)\n".utf8).write(to: URL(filePath: path))
            chmod(path, mode)
            let failure = #expect(throws: StartFailure.self) { try HTTPToken.load(data: data) }
            #expect(failure?.code == code)
            #expect(failure?.description.contains(path) == true)
            if !content.isEmpty { #expect(failure?.description.contains(content) == false) }
        }
        try Data("\(good)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o600)
        #expect(try HTTPToken.load(data: data) == good)
        try FileManager.default.removeItem(atPath: data)
    }
}
