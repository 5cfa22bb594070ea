import Foundation
import Glibc

/// What the operating system says about this process, read at each scrape.
struct ProcessGauges: Sendable {
    private let residentBytes: GaugeSeries
    private let openFiles: GaugeSeries

    init(_ registry: MetricRegistry) {
        residentBytes = registry.gauge("kapwa_process_resident_memory_bytes", "Memory that is in use.").series()
        openFiles = registry.gauge("kapwa_process_open_fds", "File descriptors that are open.").series()
        let start = registry.gauge("kapwa_process_start_time_seconds", "When the process began, since 1970.").series()
        start.set(Self.startTime())
    }

    /// Reads the figures again; one that cannot be read reads NaN, not its former value.
    func refresh() {
        residentBytes.set(Self.residentMemory())
        openFiles.set(Self.openDescriptors())
    }

    private static func fields(of path: String) -> [Substring]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        // The second field of stat is a name in brackets that may hold spaces.
        return text[(text.lastIndex(of: ")").map(text.index(after:)) ?? text.startIndex)...].split { $0.isWhitespace }
    }

    private static func residentMemory() -> Double {
        guard let fields = fields(of: "/proc/self/statm"), fields.count > 1, let pages = Double(fields[1]) else {
            return .nan
        }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func openDescriptors() -> Double {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") else { return .nan }
        // Listing the folder takes a descriptor of its own.
        return Double(max(0, names.count - 1))
    }

    private static func startTime() -> Double {
        // The twenty-second field of stat counts clock ticks since the machine began; btime says when that was.
        guard let fields = fields(of: "/proc/self/stat"), fields.count > 19, let ticks = Double(fields[19]),
            let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let line = stat.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let booted = Double(line.dropFirst("btime ".count))
        else { return .nan }
        return booted + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
