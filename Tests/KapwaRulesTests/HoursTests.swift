import Foundation
import KapwaDomain
import Testing

@testable import KapwaRules

@Suite("Opening hours in the clock of a place")
struct HoursTests {
    private func hours(_ text: String) throws -> Hours {
        let rules = try RuleFile.read(text: "queues: [{id: main, hours: {\(text)}}]", name: "rules.yaml").get().rules
        return try #require(rules.queues[0].hours)
    }

    /// Of a time with its offset, as `2026-11-23T08:00:00+08:00`.
    private func instant(_ text: String) throws -> Instant {
        let date = try Date(text, strategy: .iso8601)
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    @Test("Manila on weekdays: open from the first instant to just before the last")
    func weekdays() throws {
        let hours = try hours("zone: Asia/Manila, mon-fri: 08:00-20:00")
        for (time, open) in [
            ("2026-11-23T07:59:59+08:00", false), ("2026-11-23T08:00:00+08:00", true),
            ("2026-11-23T19:59:59+08:00", true), ("2026-11-23T20:00:00+08:00", false),
            ("2026-11-21T12:00:00+08:00", false), ("2026-11-22T12:00:00+08:00", false),
        ] {
            #expect(try hours.isOpen(at: instant(time)) == open, "\(time)")
        }
        #expect(try hours.opens(after: instant("2026-11-20T20:00:00+08:00")) == instant("2026-11-23T08:00:00+08:00"))
        #expect(try hours.opens(after: instant("2026-11-23T10:00:00+08:00")) == instant("2026-11-23T10:00:00+08:00"))
    }

    @Test("a night over midnight belongs to the day on which it begins, Sunday's to Monday")
    func night() throws {
        let hours = try hours("zone: Asia/Manila, sun: 22:00-06:00")
        #expect(try hours.isOpen(at: instant("2026-11-23T05:59:59+08:00")))
        #expect(try !hours.isOpen(at: instant("2026-11-23T06:00:00+08:00")))
        #expect(try !hours.isOpen(at: instant("2026-11-22T05:00:00+08:00")))
        let length = try hours.openMilliseconds(
            from: instant("2026-11-22T00:00:00+08:00"), to: instant("2026-11-29T00:00:00+08:00"))
        #expect(length == .hours(8))
    }

    @Test("clocks that go forward and back make a day of 23 and of 25 hours")
    func summerTime() throws {
        let hours = try hours("zone: America/New_York, daily: 00:00-24:00")
        let spring = try hours.openMilliseconds(
            from: instant("2026-03-08T00:00:00-05:00"), to: instant("2026-03-09T00:00:00-04:00"))
        #expect(spring == .hours(23))
        let autumn = try hours.openMilliseconds(
            from: instant("2026-11-01T00:00:00-04:00"), to: instant("2026-11-02T00:00:00-05:00"))
        #expect(autumn == .hours(25))
        let night = try self.hours("zone: America/New_York, daily: 02:30-03:30")
        #expect(
            try night.openMilliseconds(
                from: instant("2026-03-08T00:00:00-05:00"), to: instant("2026-03-09T00:00:00-04:00")) == .minutes(30),
            "02:30 is left out: it opens when the clock jumps to 03:00")
        #expect(
            try night.isOpen(at: instant("2026-03-08T03:00:00-04:00")))
    }

    @Test("named dates replace their weekday")
    func dates() throws {
        let hours = try hours(
            "zone: Asia/Manila, daily: 08:00-20:00, dates: {2026-12-25: closed, 2026-12-24: [08:00-10:00, 11:00-12:00]}"
        )
        #expect(try hours.opens(after: instant("2026-12-24T12:00:00+08:00")) == instant("2026-12-26T08:00:00+08:00"))
        let day = try hours.openMilliseconds(
            from: instant("2026-12-24T00:00:00+08:00"), to: instant("2026-12-25T00:00:00+08:00"))
        #expect(day == .hours(3))
    }

    @Test("so much open time from now ends when that much was open, over any closed time")
    func after() throws {
        let hours = try hours("zone: Asia/Manila, mon-fri: 08:00-20:00, sat: 08:00-12:00")
        let friday = try instant("2026-11-20T19:00:00+08:00")
        #expect(try hours.instant(after: .hours(1), from: friday) == instant("2026-11-20T20:00:00+08:00"))
        #expect(try hours.instant(after: .hours(4), from: friday) == instant("2026-11-21T11:00:00+08:00"))
        #expect(try hours.instant(after: .hours(6), from: friday) == instant("2026-11-23T09:00:00+08:00"))
        #expect(hours.instant(after: 0, from: friday) == friday)
        for minutes in stride(from: Int64(1), to: 6_000, by: 97) {
            let end = hours.instant(after: .minutes(minutes), from: friday)
            #expect(hours.openMilliseconds(from: friday, to: end) == .minutes(minutes))
        }
    }

    @Test("instants far before and after all known changes are answered too")
    func far() throws {
        let hours = try hours("zone: Europe/Madrid, mon: 08:00-09:00")
        for milliseconds in [0, -62_000_000_000_000, 9_000_000_000_000, Int64.max] {
            let now = Instant(milliseconds: milliseconds)
            _ = hours.isOpen(at: now)
            if milliseconds != .max { #expect(hours.opens(after: now) != nil) }
        }
    }

    @Test("conditions on time hold in their hours and in any of their shifts")
    func conditions() throws {
        let rules = try RuleFile.read(
            text: """
                zone: Asia/Manila
                shifts: {night: {daily: 22:00-06:00}, sunday: {sun: 00:00-24:00}}
                routes:
                  - {when: {shifts: [night, sunday]}, queue: main}
                  - {when: {hours: {mon-fri: 08:00-17:00}, shifts: [night]}, queue: main}
                """, name: "rules.yaml"
        ).get().rules
        let (any, never) = (rules.routes[0].condition, rules.routes[1].condition)
        for (time, holds) in [
            ("2026-11-22T12:00:00+08:00", true), ("2026-11-23T23:00:00+08:00", true),
            ("2026-11-23T12:00:00+08:00", false),
        ] {
            #expect(try any.holds(at: instant(time)) == holds, "\(time)")
            #expect(try !never.holds(at: instant(time)))
        }
    }

    @Test("days of the calendar are counted, days it does not have are none")
    func calendar() {
        #expect(CalendarDay.number("1970-01-01") == 0)
        #expect(CalendarDay.number("2026-11-22") == 20_779)
        #expect(CalendarDay.number("2024-02-29") == 19_782)
        #expect(CalendarDay.number("0001-01-01") == -719_162)
        for text in ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-00-10", "", "2026/01/01", "+026-01-01"] {
            #expect(CalendarDay.number(text) == nil, "\(text)")
        }
    }
}
