import Connectors
import DNSWire
import Estate
import Names
import Probe

/// Finds out what judgement wants to know beside DNS answers: transfers, walks, handshakes, pages, origins.
struct Inquirer: Sendable {
  /// Transfers and walks under way at once; one server gets one at a time, since each of them is patient with it.
  private static let width = 16

  let probe: Probe
  let transfer: ZoneTransfer
  let endpoints: EndpointProbe
  let origins: OriginDatabase?

  init(_ network: Network, probe: Probe, origins: OriginDatabase?) {
    (self.probe, self.origins) = (probe, origins)
    transfer = ZoneTransfer(timeout: max(network.timeout, .seconds(5)), now: Clock.now)
    endpoints = EndpointProbe(authoritiesFile: network.tlsAuthorities, now: Clock.now)
  }

  /// One answer for each inquiry, in the same order.
  func answers(to inquiries: [Inquiry]) async -> [Answer] {
    await withTaskGroup(of: (Int, Answer).self) { group in
      var answers = [Answer?](repeating: nil, count: inquiries.count)
      for (place, inquiry) in inquiries.enumerated() {
        if place >= Self.width, let (done, answer) = await group.next() { answers[done] = answer }
        group.addTask { (place, await answer(to: inquiry)) }
      }
      for await (done, answer) in group { answers[done] = answer }
      return answers.map { $0 ?? .failed("the run was ended") }
    }
  }

  private func answer(to inquiry: Inquiry) async -> Answer {
    switch inquiry {
    case .origin(let address): origin(of: address)
    case .handshake(let service):
      switch await endpoints.handshake(service) {
      case .success(let handshake): .handshake(handshake)
      case .failure(let failure): .failed("\(failure)")
      }
    case .page(let page):
      switch await endpoints.page(page) {
      case .success(let reply): .page(reply)
      case .failure(let failure): .failed("\(failure)")
      }
    case .openTransfer(let zone, let server):
      switch await transfer.isOpen(zone, at: server.address) {
      case .open(let records, _): .openTransfer(records: records)
      case .refused: .openTransfer(records: nil)
      case .couldNotTell(let fault): .failed("\(fault)")
      }
    case .names(let zone, let server, .transfer): await transferred(zone, from: server)
    case .names(let zone, let server, .nsec): await walked(zone, at: server)
    }
  }

  private func origin(of address: IPAddress) -> Answer {
    guard let origins else {
      return .failed("the origin AS of \(address) is not known: declare network: {originDatabase: FILE}")
    }
    do { return .origins(try origins.origins(of: address)) } catch { return .failed("\(error)") }
  }

  private func transferred(_ zone: DomainName, from server: Server) async -> Answer {
    do {
      let copy = try await transfer.transfer(zone, from: server.address, key: nil)
      return .names(ZoneNames(of: copy.records, end: .whole))
    } catch {
      return .failed("\(error)")
    }
  }

  private func walked(_ zone: DomainName, at server: Server) async -> Answer {
    let walked = await NSECWalk(probe).walk(zone, at: server)
    let end: ZoneNames.End =
      switch walked.end {
      case .whole: .whole
      case .nsec3, .minimal, .unsigned: .hidden
      case .stopped(let reason): .stopped("\(reason)")
      }
    return .names(ZoneNames(walked.names.map(\.name), end: end))
  }
}
