extension HistogramSeries.Buckets {
    /// Work inside the daemon: 1 µs to 10 s, fed in nanoseconds.
    public static let nanoseconds = HistogramSeries.Buckets(
        [
            1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
            10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
            10_000_000_000,
        ], ticksPerUnit: 1_000_000_000)

    /// Commits: 100 µs to 10 s, fed in nanoseconds.
    public static let commits = HistogramSeries.Buckets(
        [
            100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
            250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 10_000_000_000,
        ], ticksPerUnit: 1_000_000_000)

    /// What people wait for: 1 s to 24 h, with every default target among the bounds; fed in milliseconds.
    public static let waits = HistogramSeries.Buckets(
        [
            1_000, 5_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
            14_400_000, 86_400_000,
        ], ticksPerUnit: 1_000)

    /// How late a break is: 1 s to 1 h, fed in milliseconds.
    public static let lateness = HistogramSeries.Buckets(
        [1_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000], ticksPerUnit: 1_000)

    /// Events of one commit.
    public static let batches = HistogramSeries.Buckets(
        [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096], ticksPerUnit: 1)
}
