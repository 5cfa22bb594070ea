import KapwaSimulation
import Testing

@Suite struct StatisticsTests {
    @Test("a percentile is the value at its nearest rank")
    func percentiles() {
        // The worked example of the nearest-rank method: 15 20 35 40 50.
        let values: [Double] = [15, 20, 35, 40, 50]
        #expect(Statistics.percentile(300, of: values) == 20)
        #expect(Statistics.percentile(400, of: values) == 20)
        #expect(Statistics.percentile(500, of: values) == 35)
        #expect(Statistics.percentile(1_000, of: values) == 50)
        #expect(Statistics.percentile(1, of: values) == 15)
        #expect(Statistics.percentile(500, of: []) == nil)
    }

    @Test("the Gini index is 0 when all have the same and grows towards 1 when one has all")
    func gini() {
        #expect(Statistics.gini([3, 3, 3]) == 0)
        #expect(abs(Statistics.gini([1, 2, 3]) - 2.0 / 9) < 1e-12, "half the mean absolute difference over the mean")
        #expect(abs(Statistics.gini([0, 0, 0, 4]) - 0.75) < 1e-12)
        #expect(Statistics.gini([]) == 0 && Statistics.gini([0, 0]) == 0)
    }

    @Test("an interval of a mean is Student's")
    func interval() throws {
        // Gosset's sleep data of 1908: differences of ten patients, mean 1.58, deviation 1.230, t(9) 2.262.
        let differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
        let estimate = try #require(Statistics.estimate(differences))
        #expect(abs(estimate.mean - 1.58) < 1e-9)
        #expect(abs(estimate.halfWidth - 0.8799) < 5e-4)
        #expect(estimate.isClear)
        #expect(Statistics.estimate([7])?.halfWidth == 0)
        #expect(Statistics.estimate([]) == nil)
    }

    @Test("beyond the table the quantile of Student's t goes on to that of the bell")
    func manySeeds() throws {
        let values = (0..<100).map { Double($0 % 2) }
        let estimate = try #require(Statistics.estimate(values))
        // t(99) is 1.984; the deviation of 50 zeros and 50 ones is 0.50252.
        #expect(abs(estimate.halfWidth - 1.984 * 0.502_52 / 10) < 2e-5)
    }

    @Test("what the day brought cancels between pairs")
    func pairs() throws {
        let first: [Double] = [10, 200, 3_000]
        let second = first.map { $0 + 5 }
        let difference = try #require(Statistics.pairedDifference(first, second))
        #expect(difference.mean == 5 && difference.halfWidth == 0)
    }

    @Test("figures are written with a point and a true minus")
    func decimals() {
        #expect(Figure.decimal(12.345, 1) == "12.3")
        #expect(Figure.decimal(-0.04, 1) == "0.0")
        #expect(Figure.decimal(-1.25, 2) == "−1.25")
        #expect(Figure.decimal(0.5, 0) == "1")
        #expect(Figure.decimal(.nan, 1) == "–")
        #expect(Figure.wait95.text(59.6) == "60 s" && Figure.wait95.text(900) == "15.0 min")
        #expect(Figure.abandoned.text(0.0512) == "5.1 %")
    }

    @Test("a comparison sets means and paired differences beside each other, and says what is not clear")
    func comparison() throws {
        var comparison = Comparison(names: ["one", "two"])
        for seed in 1...4 as ClosedRange<UInt64> {
            var (first, second) = (DayFigures(), DayFigures())
            first[.breaksOwed] = Double(seed)
            second[.breaksOwed] = Double(seed) + 2
            first[.giniHard] = seed % 2 == 0 ? 0.2 : 0.3
            second[.giniHard] = seed % 2 == 0 ? 0.3 : 0.2
            comparison.add(seed: seed, [first, second])
        }
        let owed = try #require(comparison.rows.first { $0.figure == .breaksOwed })
        #expect(owed.values.map(\.mean) == [2.5, 4.5])
        #expect(owed.difference?.mean == 2 && owed.difference?.isClear == true)
        let lines = comparison.table
        #expect(lines.first?.hasPrefix("over 4 seeds") == true)
        #expect(lines.contains { $0.contains("Gini") && $0.contains("unclear") })
        #expect(Set(lines.dropFirst().filter { !$0.contains("unclear") }.map(\.count)).count <= 2, "columns line up")
        #expect(comparison.markdown.count == Figure.allCases.count + 2)
    }
}
