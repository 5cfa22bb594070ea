import FuzzChecks
import Glibc

/// libFuzzer's own loop, called instead of its `main`: the package's build gives every program a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func run(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ feed: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Feeds any bytes to what `KAPWA_FUZZ` names; whatever does not hold ends the process, and the engine keeps the input.
@main
struct Guided {
    /// The engine calls from one thread.
    nonisolated(unsafe) private static var judge: ([UInt8]) -> [String] = { _ in [] }

    static func main() {
        func value(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        guard let target = FuzzTarget(rawValue: value("KAPWA_FUZZ")) else {
            end("KAPWA_FUZZ must be one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        do {
            judge = try target.judge(place: value("KAPWA_FUZZ_PLACE"))
        } catch {
            end("\(error)")
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(
            run(&count, &arguments) { start, count in
                let faults = Guided.judge(Array(UnsafeBufferPointer(start: start, count: count)))
                if !faults.isEmpty { Guided.end(faults.joined(separator: "; ")) }
                return 0
            })
    }

    private static func end(_ words: String) -> Never {
        let line = Array("fuzz: \(words)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        abort()
    }
}
