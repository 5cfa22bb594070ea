import KapwaSimulation
import Testing

@Suite struct HistoryFileTests {
    private static let good = """
        Interval,Calls Offered,Calls Handled,AHT,Abandoned
        2026-05-04 08:00,100,90,5:00,8
        2026-05-04 08:30,50,50,0:06:00,0
        2026-05-05 08:00,60,54,300,4
        2026-05-05 08:30,70,68,420,2
        """

    private func errors(_ text: String) -> [String] {
        guard case .failure(let errors) = HistoryFile.read(text: text, name: "may.csv") else { return [] }
        return errors.errors.map(\.description)
    }

    @Test("an export of two days is averaged over them, handle times by what was handled")
    func averages() throws {
        let history = try HistoryFile.read(text: Self.good, name: "may.csv").get()
        #expect(history.days == 2)
        #expect(history.arrivals[16] == 80 && history.arrivals[17] == 60 && history.arrivals[18] == 0)
        #expect(history.arrived == 140 && history.handled == 131 && history.abandoned == 7)
        #expect(history.handleSeconds[16] == 300)
        #expect(abs(history.handleSeconds[17] - (50 * 360 + 68 * 420) / 118.0) < 1e-9)
    }

    @Test(
        "columns are known by the names that systems give them, in any order, between commas, semicolons or tabs",
        arguments: [",", ";", "\t"])
    func synonyms(separator: String) throws {
        let rows = [
            ["ABANDONS", "\"Avg. Handle Time\"", "Contacts Handled", "Received", "Start Time"],
            ["3", "\"4:10\"", "40", "45", "8:30 PM"],
        ]
        let text = rows.map { $0.joined(separator: separator) }.joined(separator: "\r\n") + "\r\n"
        let history = try HistoryFile.read(text: "\u{FEFF}" + text, name: "may.csv").get()
        #expect(history.arrivals[41] == 45 && history.handleSeconds[41] == 250)
    }

    @Test("hours are split into halves, quarters added up")
    func otherIntervals() throws {
        let header = "interval,arrivals,handled,aht,abandoned\n"
        let hours = try HistoryFile.read(
            text: header + "08:00 - 09:00,100,90,300,5\n09:00 - 10:00,60,60,300,0\n", name: "h.csv"
        ).get()
        #expect(hours.arrivals[16...19] == [50, 50, 30, 30])
        let quarters = try HistoryFile.read(text: header + "08:00,10,9,300,1\n08:15,20,20,300,0\n", name: "q.csv").get()
        #expect(quarters.arrivals[16] == 30)
    }

    @Test("every row that cannot be read is told with its line, all in one go")
    func errorsHaveLines() {
        let found = errors(
            """
            interval,arrivals,handled,aht,abandoned
            08:00,12,12,300,0
            noon,12,12,300,0
            09:00,-3,12,300,0
            09:30,12,12,five,0
            10:00,12,12
            10:30,12,12,0,0
            08:00,1,1,300,0
            """)
        #expect(found.count == 6)
        let begins = ["may.csv:3: \"noon\" is no interval", "may.csv:4: \"-3\" is no count (arrivals)"]
        #expect(found.prefix(2).map { String($0.prefix(24)) } == begins.map { String($0.prefix(24)) })
        #expect(found[2].contains("may.csv:5: \"five\" is no average handle time; write seconds (312), 5:12"))
        #expect(found[3].contains("may.csv:6: 3 fields where the first line names 5"))
        #expect(found[4].contains("may.csv:7:") && found[4].contains("in no time"))
        #expect(found[5].contains("may.csv:8:") && found[5].contains("there already"))
    }

    @Test("a column that is missing or there twice is told with what was found")
    func headers() {
        let missing = errors("interval,arrivals,handled,aht\n08:00,1,1,300\n")
        #expect(missing.count == 1 && missing[0].contains("may.csv:1: no column is the abandoned; found interval,"))
        let twice = errors("interval,arrivals,offered,handled,aht,abandoned\n08:00,1,1,1,300,0\n")
        #expect(twice == ["may.csv:1: two columns are the arrivals, the second is \"offered\"; keep one"])
        #expect(errors("").first?.contains("may.csv:1: the file is empty") == true)
        #expect(errors("interval,arrivals,handled,aht,abandoned\n").first?.contains("no interval follows") == true)
    }

    @Test("quotation marks are strict")
    func quotes() {
        let header = "interval,arrivals,handled,aht,abandoned\n"
        #expect(
            errors(header + "08:00,\"1,204,1000,300,5\n").first?.hasPrefix("may.csv:2: a quotation mark is opened")
                == true)
        #expect(errors(header + "08:00,1\"2,1,300,0\n").first?.hasPrefix("may.csv:2: a quotation mark inside") == true)
        #expect(errors(header + "08:00,\"1\"2,1,300,0\n").first?.hasPrefix("may.csv:2: something follows") == true)
        let grouped = HistoryFile.read(text: header + "08:00,\"1,204\",1100,300,5\n", name: "g.csv")
        #expect((try? grouped.get())?.arrived == 1_204)
    }
}
