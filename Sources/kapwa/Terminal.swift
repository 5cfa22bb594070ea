import Glibc

/// What standard output is connected to.
enum Terminal {
    /// Whether a person watches: colours and a live view make sense.
    static var isInteractive: Bool { isatty(1) == 1 }

    /// Whether a person types what is read from standard input.
    static var isInputInteractive: Bool { isatty(0) == 1 }

    /// Columns and rows; 80 × 24 when nobody says.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
