import Foundation
import KapwaDaemon
import KapwaTransport
import Synchronization

/// Shows the demo: a live view in a terminal, plain lines elsewhere.
final class DemoView: Sendable {
    private let isLive: Bool
    private let script: DemoScript
    private let stage: DemoStage
    private let printed = Mutex(0)

    init(isLive: Bool, script: DemoScript, stage: DemoStage) {
        self.isLive = isLive
        self.script = script
        self.stage = stage
        print(
            "Kapwa demo: \(script.conversations.count) conversations, \(script.agents.count) agents, "
                + "\(stage.speed)× speed, commands on \(stage.daemon.endpoints.commands)")
        if isLive { print("\u{1B}[?25l\u{1B}[2J", terminator: "") }
    }

    func show(_ board: DemoBoard) {
        if isLive {
            print(
                "\u{1B}[H" + frame(board).map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J", terminator: "")
        } else {
            let from = printed.withLock { printed in
                defer { printed = board.decisions.count }
                return printed
            }
            for decision in board.decisions[from...] { print("\(Self.clock(decision.at))  \(decision.text)") }
        }
        fflush(nil)
    }

    func end() {
        if isLive { print("\u{1B}[?25h") }
    }

    /// The lines of one picture, as many as fit.
    private func frame(_ board: DemoBoard) -> [String] {
        let size = Terminal.size
        var lines = [header(board), progress(board, width: min(size.columns, 100)), ""]
        lines += queues(board)
        lines.append("")
        lines += agents(board)
        lines += ["", bold("Last decisions")]
        let room = max(3, size.rows - lines.count - 1)
        lines += board.decisions.suffix(room).map { "\(Self.clock($0.at))  \($0.text)" }
        return lines.map { Self.fitted($0, to: size.columns) }
    }

    private func header(_ board: DemoBoard) -> String {
        bold("Kapwa") + "  \(Self.clock(board.now))  "
            + "\(stage.speed)× speed  mode enforce  \(board.commands) commands, \(board.offersMade) offers"
    }

    private func progress(_ board: DemoBoard, width: Int) -> String {
        let all = max(1, script.conversations.count)
        let room = max(10, width - 28)
        let done = room * board.closed.count / all
        let open = room * board.opened.count / all - done
        return "[" + String(repeating: "█", count: done) + String(repeating: "▒", count: max(0, open))
            + String(repeating: " ", count: max(0, room - done - max(0, open))) + "] "
            + "\(board.closed.count) of \(all) closed"
    }

    private func queues(_ board: DemoBoard) -> [String] {
        var lines = [bold("Queue        waiting  longest  offered")]
        let names = ["food", "mobile", "billing"]
        for name in names {
            let waiting = board.waiting.filter { $0.value.queue == name && board.offered[$0.key] == nil }
            let offered = board.waiting.filter { $0.value.queue == name && board.offered[$0.key] != nil }
            let longest = waiting.values.map { board.now - $0.since }.max() ?? 0
            lines.append(
                "\(Self.pad(name, 12)) \(Self.left(waiting.count, 7))  \(Self.left(Int(longest), 6)) s"
                    + "  \(Self.left(offered.count, 7))")
        }
        return lines
    }

    private func agents(_ board: DemoBoard) -> [String] {
        var lines = [bold("Agent        state    load  contacts  break")]
        for agent in script.agents {
            let seen = board.agents[agent.agent] ?? DemoBoard.Agent()
            var pause = ""
            if seen.pause == "owed" { pause = yellow("owed") }
            if seen.pause == "break", let until = seen.pauseUntil {
                pause = green("on break, \(max(0, Int(until - board.now))) s left")
            }
            lines.append(
                "\(Self.pad(agent.agent, 12)) \(Self.pad(seen.state, 7)) \(Self.left(board.load(of: agent.agent), 4))"
                    + "/\(Self.pad("\(seen.capacity)", 4)) \(Self.left(seen.conversations.count, 7))  \(pause)")
        }
        return lines
    }

    /// A line that is cut says so. Escapes take no room; only whole lines and their ends are coloured.
    private static func fitted(_ line: String, to columns: Int) -> String {
        if line.contains("\u{1B}") { return String(line.prefix(columns + 16)) }
        return line.count <= columns ? line : String(line.prefix(columns - 1)) + "…"
    }

    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds)
        return "\(whole / 60 < 10 ? "0" : "")\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func left(_ number: Int, _ width: Int) -> String {
        let text = "\(number)"
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func bold(_ text: String) -> String { "\u{1B}[1m\(text)\u{1B}[0m" }
    private func yellow(_ text: String) -> String { "\u{1B}[33m\(text)\u{1B}[0m" }
    private func green(_ text: String) -> String { "\u{1B}[32m\(text)\u{1B}[0m" }
}

/// The closing summary.
struct DemoSummary {
    let text: String

    init(_ board: DemoBoard, script: DemoScript, stage: DemoStage) {
        let waits = board.waits.sorted()
        func percentile(_ share: Double) -> String {
            guard !waits.isEmpty else { return "–" }
            let index = min(waits.count - 1, Int(Double(waits.count) * share))
            return "\(Int(waits[index].rounded())) s"
        }
        var lines = [
            "",
            "\(board.opened.count) conversations opened, \(board.closed.count) closed, in \(DemoView.clock(board.now)) of"
                + " the floor's time (\(stage.speed)× speed)",
            "waits until an agent had it: median \(percentile(0.5)), p95 \(percentile(0.95)), longest \(percentile(1))",
            "\(board.hard.count) hard contacts, \(board.safety) safety flags",
            "\(board.breaksOwed) breaks owed, \(board.breaksTaken) taken; \(board.offersDuringBreaks) offers to anyone who"
                + " owed or took one",
        ]
        if !board.refusals.isEmpty {
            let refusals = board.refusals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append(
                "refused: " + refusals.joined(separator: ", ")
                    + " (answers that came too late, words after the end: as on every floor)")
        }
        text = lines.joined(separator: "\n")
    }
}
