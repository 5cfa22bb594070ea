/// What a lexicon entry does besides carrying weights. In a term `<kin>` stands for any word with that role.
enum Role: Int, CaseIterable, Sendable {
    // MARK: Operators on the words around them

    case negator, intensifier, diminisher, contrast
    /// Words that may stand inside a phrase without breaking it: `po`, `na`, `lang`, `talaga`.
    case particle

    // MARK: People

    case kin
    /// Kin words that are also an address for strangers: family only when possessed or named as one's own.
    case honorific
    case you, me, my, third
    /// `mo`, `ninyo`, `your`: possess a thing as often as they do something.
    case genitive
    /// `si`, `ni`, `kay`: what follows is a person by name or kin word.
    case person
    /// `ng`, `sa`, `ang`: what follows is a thing or somebody spoken about.
    case article
    /// Names, places, faiths, gender: what somebody is must not be learned from, whatever the data say.
    case blind
    case staff
    /// Things that can be sworn at without a person being meant.
    case thing

    // MARK: Time and number

    case number, unit, when

    // MARK: Speech

    case thanks, praise, request, question, quote, humour, polite
    /// Praise of what somebody did ("great job"): right before a failure it is bitter.
    case mock
    /// Trouble that lasts (`waiting`) and words of haste, which ask for speed only beside a request.
    case waiting, haste

    // MARK: Abuse

    /// Emphasis alone; abuse with a second person right behind it.
    case swear
    case insult, slur, sexual
    /// An insult that is also a plain complaint: aimed only when `ka`, `kayo`, "you are" stand right beside it.
    case mild
    /// Verbs of harm, and of lying in wait: the building blocks of threats.
    case harm, stalk
    /// Verbs done to a victim (`sinasaktan`), of dying, of falling; children: the building blocks of alarms.
    case hurts, dies, falls, child
    /// Harm announced to a person.
    case threat
    /// Takes back the abuse, threat or safety match that it covers.
    case harmless
    /// Says that an emergency is over: takes back medical alerts and missing children before it.
    case over
    /// A small sign of danger that counts only beside despair.
    case despair
    /// Words of stories, songs and long ago: an alarm beside them is no more than possible.
    case doubt
    /// Building blocks of alarms and of hyperbole: to swallow, medicine, poison, high places, to collapse, and what
    /// nobody dies of.
    case takes, drug, poison, height, faints, trifle

    // MARK: Wishes and register

    case human, supervisor

    // MARK: Building blocks of remarks

    /// Words of lust and of the body; words for what people are (origin, faith, gender, disability). Harmless alone.
    case lewd, group
    /// What somebody calls others stupid by (`utak`, `brain`, and who is said to have more of it), parts of the body
    /// that remarks are made on, and weapons. Harmless alone.
    case mind, lowly, body, weapon

    // MARK: Anger

    /// Anger, contempt or a threat to leave: lifts frustration over the bound of mere complaints.
    case anger

    /// The name in a lexicon file.
    var name: String { "\(self)" }

    init?(named name: some StringProtocol) {
        guard let role = Self.byName[String(name)] else { return nil }
        self = role
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    /// This role as a bit of a ``Roles`` set.
    var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// A set of ``Role``s, cheap enough to stand in every token.
struct Roles: OptionSet, Hashable, Sendable {
    let rawValue: UInt64
    init(rawValue: UInt64) { self.rawValue = rawValue }
    init(_ role: Role) { rawValue = role.bit }

    static var negator: Roles { Roles(.negator) }
    static var intensifier: Roles { Roles(.intensifier) }
    static var diminisher: Roles { Roles(.diminisher) }
    static var contrast: Roles { Roles(.contrast) }
    static var particle: Roles { Roles(.particle) }
    static var kin: Roles { Roles(.kin) }
    static var honorific: Roles { Roles(.honorific) }
    static var you: Roles { Roles(.you) }
    static var me: Roles { Roles(.me) }
    static var my: Roles { Roles(.my) }
    static var genitive: Roles { Roles(.genitive) }
    static var third: Roles { Roles(.third) }
    static var person: Roles { Roles(.person) }
    static var article: Roles { Roles(.article) }
    static var blind: Roles { Roles(.blind) }
    static var staff: Roles { Roles(.staff) }
    static var thing: Roles { Roles(.thing) }
    static var number: Roles { Roles(.number) }
    static var unit: Roles { Roles(.unit) }
    static var when: Roles { Roles(.when) }
    static var thanks: Roles { Roles(.thanks) }
    static var mock: Roles { Roles(.mock) }
    static var praise: Roles { Roles(.praise) }
    static var request: Roles { Roles(.request) }
    static var question: Roles { Roles(.question) }
    static var quote: Roles { Roles(.quote) }
    static var humour: Roles { Roles(.humour) }
    static var polite: Roles { Roles(.polite) }
    static var waiting: Roles { Roles(.waiting) }
    static var haste: Roles { Roles(.haste) }
    static var swear: Roles { Roles(.swear) }
    static var insult: Roles { Roles(.insult) }
    static var slur: Roles { Roles(.slur) }
    static var mild: Roles { Roles(.mild) }
    static var over: Roles { Roles(.over) }
    static var sexual: Roles { Roles(.sexual) }
    static var stalk: Roles { Roles(.stalk) }
    static var dies: Roles { Roles(.dies) }
    static var child: Roles { Roles(.child) }
    static var threat: Roles { Roles(.threat) }
    static var harmless: Roles { Roles(.harmless) }
    static var human: Roles { Roles(.human) }
    static var supervisor: Roles { Roles(.supervisor) }
    static var anger: Roles { Roles(.anger) }
    static var despair: Roles { Roles(.despair) }
    static var doubt: Roles { Roles(.doubt) }

    /// Words that name a person and so can be aimed at.
    static var aimable: Roles { [.insult, .slur] }
    /// Words that fitted adjustments may not hang on, nor join across.
    static var unfitted: Roles { [.blind, .kin, .honorific] }
    /// What the alert phrases are searched for, apart from feelings.
    static var alerts: Roles { [.sexual, .threat, .harmless] }

    /// Whether any of these roles is among them.
    func meets(_ other: Roles) -> Bool { rawValue & other.rawValue != 0 }
}
