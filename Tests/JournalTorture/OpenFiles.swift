import Glibc

/// How many files this process may have open.
public enum OpenFiles {
    /// As many as the system lets it: a journal that has lost its disk keeps its files open until the process ends.
    public static func allowAll() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }
}
