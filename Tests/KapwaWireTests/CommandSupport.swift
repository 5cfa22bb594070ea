import KapwaDomain

@testable import KapwaWire

/// 2026-11-21T19:30:00Z.
let noon = Instant(milliseconds: 1_795_289_400_000)

func decoded(_ json: String, tenants: Set<TenantID> = ["main", "isla"], now: Instant = noon) -> DecodedCommand {
    CommandDecoder().decode(Array(json.utf8), tenants: tenants, now: now)
}

func command(_ json: String) throws -> Command { try decoded(json).result.get() }

func refusal(_ json: String) -> Refusal? {
    if case .failure(let refusal) = decoded(json).result { return refusal }
    return nil
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
