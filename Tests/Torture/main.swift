import Foundation
import JournalTorture

// Cuts the power under the journal, and flips its bits, again and again.

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().compactMap { UInt64($0) }
switch arguments.first {
case "power": exit(await PowerCuts(cuts: numbers.first ?? 500, first: numbers.dropFirst().first ?? 1).play())
case "bits":
    let events = Int(numbers.first ?? 200)
    let count = numbers.count == 2 ? Int(numbers[1]) : nil
    let part = numbers.count == 3 ? (from: Int(numbers[1]), most: Int(numbers[2])) : (from: 0, most: Int.max)
    exit(await Bits(events: events, count: count, from: part.from, most: part.most).play())
default:
    print(
        """
        usage: torture power CUTS [FIRST]
               torture bits EVENTS                  every bit
               torture bits EVENTS COUNT            so many, by chance
               torture bits EVENTS FROM COUNT       every bit of a part
        """)
    exit(64)
}
