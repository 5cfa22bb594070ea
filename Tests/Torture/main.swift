import Foundation
import JournalTorture

// Cuts the power under the journal, again and again.

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().compactMap { UInt64($0) }
switch arguments.first {
case "power": exit(await PowerCuts(cuts: numbers.first ?? 500, first: numbers.dropFirst().first ?? 1).play())
default:
    print("usage: torture power CUTS [FIRST]")
    exit(64)
}
