/// What a lexicon entry does besides carrying weights. In a term `<kin>` stands for any word with that role.
enum Role: String, CaseIterable, Sendable {
    // MARK: Operators on the words around them

    case negator, intensifier, diminisher, contrast
    /// Words that may stand inside a phrase without breaking it: `po`, `na`, `lang`, `talaga`.
    case particle

    // MARK: People

    case kin
    /// Kin words that are also an address for strangers: family only when possessed or named as one's own.
    case honorific
    case you, me, my, third
    /// `si`, `ni`, `kay`: what follows is a person by name or kin word.
    case person
    /// `ng`, `sa`, `ang`: what follows is a thing or somebody spoken about.
    case article
    case staff
    /// Things that can be sworn at without a person being meant.
    case thing

    // MARK: Time and number

    case number, unit, when

    // MARK: Speech

    case thanks, praise, request, question, quote, humour, polite, waiting

    // MARK: Abuse

    /// Emphasis alone; abuse with a second person right behind it.
    case swear
    case insult, slur, sexual
    /// Verbs of harm, and of lying in wait: the building blocks of threats.
    case harm, stalk
    /// Verbs done to a victim (`sinasaktan`), of dying, of falling; children: the building blocks of alarms.
    case hurts, dies, falls, child
    /// Harm announced to a person.
    case threat
    /// Takes back the abuse, threat or safety match that it covers.
    case harmless
    /// A small sign of danger that counts only beside despair.
    case despair

    // MARK: Wishes and register

    case human, supervisor

    // MARK: Anger

    /// Anger, contempt or a threat to leave: lifts frustration over the bound of mere complaints.
    case anger

    /// This role as a bit of a ``Roles`` set.
    var bit: UInt64 { 1 << UInt64(Self.order[self] ?? 63) }

    private static let order: [Role: Int] = {
        var order: [Role: Int] = [:]
        for (position, role) in allCases.enumerated() { order[role] = position }
        return order
    }()
}

/// A set of ``Role``s, cheap enough to stand in every token.
struct Roles: OptionSet, Hashable, Sendable {
    let rawValue: UInt64
    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(_ role: Role) { rawValue = role.bit }

    static let negator = Roles(.negator)
    static let intensifier = Roles(.intensifier)
    static let diminisher = Roles(.diminisher)
    static let contrast = Roles(.contrast)
    static let particle = Roles(.particle)
    static let kin = Roles(.kin)
    static let honorific = Roles(.honorific)
    static let you = Roles(.you)
    static let me = Roles(.me)
    static let my = Roles(.my)
    static let third = Roles(.third)
    static let person = Roles(.person)
    static let article = Roles(.article)
    static let staff = Roles(.staff)
    static let thing = Roles(.thing)
    static let number = Roles(.number)
    static let unit = Roles(.unit)
    static let when = Roles(.when)
    static let thanks = Roles(.thanks)
    static let praise = Roles(.praise)
    static let request = Roles(.request)
    static let question = Roles(.question)
    static let quote = Roles(.quote)
    static let humour = Roles(.humour)
    static let polite = Roles(.polite)
    static let waiting = Roles(.waiting)
    static let swear = Roles(.swear)
    static let insult = Roles(.insult)
    static let slur = Roles(.slur)
    static let sexual = Roles(.sexual)
    static let threat = Roles(.threat)
    static let harmless = Roles(.harmless)
    static let human = Roles(.human)
    static let supervisor = Roles(.supervisor)
    static let anger = Roles(.anger)
    static let despair = Roles(.despair)

    /// Words that name a person and so can be aimed at.
    static let aimable: Roles = [.insult, .slur]
    /// What the alert phrases are searched for, apart from feelings.
    static let alerts: Roles = [.sexual, .threat, .harmless]

    /// Whether any of these roles is among them.
    func meets(_ other: Roles) -> Bool { rawValue & other.rawValue != 0 }
}
