import KapwaDomain

/// A rules file that was read whole, with what its author should look at again.
public struct RuleFile: Sendable {
    public let rules: RuleSet
    /// Legal but wrong, in the order of the lines.
    public let warnings: [RuleError]
    /// The file with the preset that it names written below it, so that it means the same wherever it is read again.
    public let text: String

    /// What a file is read beside.
    public struct Surroundings: Sendable {
        /// The presets that it may name.
        public var presets: BreakPresets
        /// Who is to work by it, as far as somebody said so: then more can be checked.
        public var agents: [AgentCard]?

        public init(presets: BreakPresets = .none, agents: [AgentCard]? = nil) {
            self.presets = presets
            self.agents = agents
        }
    }

    /// Reads the rules from YAML; a key that the file does not have keeps its default.
    ///
    /// - Parameters:
    ///   - text: The whole file, at most ``Limits/rulesFileBytesMax`` bytes; a preset that is written below it counts
    ///     before those of the surroundings.
    ///   - name: How the file is called in messages.
    /// - Returns: The rules, without a hash: that is the caller's, who keeps ``text``; or everything that is wrong.
    public static func read(
        text: String, name: String, beside surroundings: Surroundings = Surroundings()
    ) -> Result<RuleFile, RuleErrors> {
        Result { () throws(RuleErrors) in
            var presets = surroundings.presets
            let own = try EmbeddedPreset.find(in: text, name: name)
            if let own { presets.add(own.preset) }
            let reader = RuleReader(presets: presets, agents: surroundings.agents)
            let bytesMax = Limits.rulesFileBytesMax + (own == nil ? 0 : Limits.presetFileBytesMax)
            let reading = try StrictYAML.read(
                text, name: name, bytesMax: bytesMax, keys: RuleKeys.file, build: { reader.rules(from: $0) })
            return RuleFile(
                rules: reading.value.rules, warnings: reading.warnings,
                text: own == nil ? EmbeddedPreset.text(text, with: reading.value.preset) : text)
        }
    }

    /// Why a file that says nothing at all is not taken; `nil` when it says something.
    ///
    /// Most likely it was cut off while it was written, and nobody meant the built-in rules by it.
    public static func blank(_ bytes: [UInt8], name: String) -> String? {
        guard bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) else { return nil }
        return
            "\(name):1:1: the file is empty; write rules into it, beginning with version: 1, or name no file for those that "
            + "are built in"
    }

    /// Reads the bytes of a rules file; says where they are no UTF-8.
    public static func read(
        bytes: [UInt8], name: String, beside surroundings: Surroundings = Surroundings()
    ) -> Result<RuleFile, RuleErrors> {
        do {
            return read(text: try StrictYAML.decode(bytes, name: name), name: name, beside: surroundings)
        } catch {
            return .failure(error)
        }
    }
}
