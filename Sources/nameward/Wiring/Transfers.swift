import DNSWire
import Estate
import Names
import Probe
import Store

/// Transfers the zones that a declaration wants from their hidden primaries, each with its key. Where the store has the copy of an
/// earlier time, only what changed since is asked for (IXFR, RFC 1995).
struct Transfers {
  var now: @Sendable () -> Timestamp
  var store: Store?

  func make(_ requests: [TransferRequest]) async -> [TransferRequest: Transferred] {
    await withTaskGroup(of: (TransferRequest, Transferred).self) { group in
      for request in requests { group.addTask { (request, await make(request)) } }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  private func make(_ request: TransferRequest) async -> Transferred {
    do {
      let algorithm = try TransferKey.Algorithm(named: request.algorithm.rawValue)
      let key = try TransferKey(name: request.keyName, algorithm: algorithm, base64: try Secret.read(request.secret))
      let (zone, primary) = (request.zone, request.primary)
      // A copy that cannot be read or kept costs a whole transfer, nothing else.
      let earlier = (try? store?.zoneCopy(of: zone, from: primary)).flatMap { $0 }.flatMap { ZoneCopy(zone, records: $0) }
      let copy = try await ZoneTransfer(now: now).transfer(zone, from: primary, key: key, since: earlier)
      if copy.serial != earlier?.serial { try? store?.record(zoneCopy: copy.records, of: zone, from: primary) }
      return .records(copy.records)
    } catch {
      let words = "\(error)"
      return .failed(words.hasSuffix(".") ? String(words.dropLast()) : words)
    }
  }
}
