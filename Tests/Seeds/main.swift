import Foundation
import KapwaSimulation

// Plays small worlds where everything goes wrong, with all checks on: `seeds COUNT [FIRST]`. Small enough to be built
// optimised within a test run; `kapwa simulate --short` plays the same worlds one by one.

if let code = await FloorRun.answer(Array(CommandLine.arguments.dropFirst())) { exit(code) }
let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
guard let count = arguments.first, count > 0 else {
    print("usage: seeds COUNT [FIRST] | floors COUNT [FIRST [STEPS]] | storms COUNT | states DEPTH")
    exit(64)
}
let first = arguments.count > 1 ? arguments[1] : 1
exit(await SeedRun(first: first, count: count).play())
