import KapwaSimulation
import Testing

@Suite struct SeededGeneratorTests {
    @Test("a seed gives the published numbers of SplitMix64")
    func published() {
        // From the reference implementation at https://prng.di.unimi.it/splitmix64.c, seed 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        let first = (0..<5).map { _ in generator.next() }
        #expect(
            first == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("picked numbers stay in their range and reach both ends")
    func ranges() {
        var generator = SeededGenerator(seed: 1)
        let picked = (0..<2_000).map { _ in generator.pick(3...7) }
        #expect(picked.min() == 3 && picked.max() == 7)
        #expect((0..<2_000).allSatisfy { _ in (0.0..<1.0).contains(generator.unit()) })
    }

    @Test("a split stream does not move the numbers of the one it came from")
    func split() {
        var one = SeededGenerator(seed: 9)
        var other = SeededGenerator(seed: 9)
        var side = one.split()
        _ = other.next()
        for _ in 0..<100 { _ = side.next() }
        #expect(one.next() == other.next())
    }
}
