/// The version of everything in this package.
public enum KapwaVersion {
    public static let current = "0.1.0"
}
