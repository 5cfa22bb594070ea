/// The header that every message on the command socket begins with.
public enum ProtocolVersion {
    public static let header = "KAPWA1"
    /// What is spoken, for a refusal.
    public static let supported = [header]
}
