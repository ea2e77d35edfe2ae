import DNSWire
import Estate
import Names
import Probe

/// Transfers the zones that a declaration wants from their hidden primaries, each with its key.
struct Transfers {
  var now: @Sendable () -> Timestamp

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
      let copy = try await ZoneTransfer(now: now).transfer(request.zone, from: request.primary, key: key)
      return .records(copy.records)
    } catch {
      let words = "\(error)"
      return .failed(words.hasSuffix(".") ? String(words.dropLast()) : words)
    }
  }
}
