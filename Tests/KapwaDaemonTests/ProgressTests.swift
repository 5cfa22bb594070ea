import Dispatch
import KapwaDomain
import KapwaJournal
import Testing

@testable import KapwaDaemon

@Suite struct ProgressTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start: UInt64 = 100 * second

    private let board = StatusBoard(made: start)

    @Test("a daemon with nothing to write gets on")
    func idle() {
        board.beat(at: Self.start + 10 * Self.second, isFull: false)
        board.socketsBeat(at: Self.start + 9 * Self.second)
        #expect(
            board.progress(at: Self.start + 11 * Self.second)
                == Progress(sinceRouter: 1_000, sinceSockets: 2_000, writing: nil))
        #expect(board.progress(at: Self.start + 14 * Self.second).stall == nil)
    }

    @Test("a write from which the disk does not come back is a stall after five seconds, and none once it is back")
    func writing() {
        board.beginWrite(at: Self.start)
        let late = Self.start + 5_001 * 1_000_000
        board.beat(at: late, isFull: false)
        board.socketsBeat(at: late)
        #expect(board.progress(at: late - 1_000_000).stall == nil)
        #expect(board.progress(at: late).stall == "a commit has been under way for 5001 ms")
        board.endWrite()
        #expect(board.progress(at: late).stall == nil)
    }

    @Test("a loop that does not come round is a stall, each by its own name")
    func loops() {
        let late = Self.start + 6 * Self.second
        board.beat(at: late, isFull: false)
        #expect(board.progress(at: late).stall == "the sockets have not been looked at for 6000 ms")
        board.socketsBeat(at: late)
        #expect(board.progress(at: late).stall == nil)
        let later = late + 6 * Self.second
        board.socketsBeat(at: later)
        #expect(board.progress(at: later).stall == "the router has not come round for 6000 ms")
    }

    @Test("a loop that never came round at all is a stall too")
    func never() {
        #expect(board.progress(at: Self.start + 6 * Self.second).routerMoves == false)
        #expect(board.progress(at: Self.start + 6 * Self.second).socketsMove == false)
    }

    @Test("a full disk is no stall: a restart would mend nothing")
    func full() {
        let late = Self.start + 60 * Self.second
        board.beat(at: late, isFull: true)
        board.socketsBeat(at: late)
        #expect(board.isFull)
        #expect(board.progress(at: late).stall == nil)
    }
}

@Suite struct ServiceManagerTests {
    @Test("signs of life come twice as often as the manager asks, and only from the process that it means")
    func interval() {
        #expect(
            ServiceManager.interval(["WATCHDOG_USEC": "30000000"], process: 7) == .microseconds(15_000_000))
        #expect(
            ServiceManager.interval(["WATCHDOG_USEC": "10", "WATCHDOG_PID": "7"], process: 7) == .microseconds(5))
        #expect(ServiceManager.interval(["WATCHDOG_USEC": "10", "WATCHDOG_PID": "8"], process: 7) == nil)
        for text in ["", "0", "-1", "soon"] {
            #expect(ServiceManager.interval(["WATCHDOG_USEC": text], process: 7) == nil)
        }
        #expect(ServiceManager.interval([:], process: 7) == nil)
    }

    @Test("a socket has a path or a name behind @, no longer than the system takes")
    func names() {
        #expect(NotifySocket("/run/systemd/notify") != nil)
        #expect(NotifySocket("@kapwa") != nil)
        #expect(NotifySocket("/" + String(repeating: "n", count: 106)) != nil)
        #expect(NotifySocket("/" + String(repeating: "n", count: 107)) == nil)
        #expect(NotifySocket("@" + String(repeating: "n", count: 107)) != nil)
        #expect(NotifySocket("@" + String(repeating: "n", count: 108)) == nil)
        for name in ["", "@", "/", "notify", "vsock:2:1234"] { #expect(NotifySocket(name) == nil) }
    }

    @Test("nobody listens: the sender is told so, and goes on")
    func nobody() {
        #expect(NotifySocket("/nonexistent/notify")?.send("READY=1") != nil)
    }
}
