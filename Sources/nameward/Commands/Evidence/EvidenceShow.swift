import ArgumentParser
import DNSWire
import Estate
import Names
import Store

extension Nameward.Evidence {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One stored question and answer, in words and in octets.",
      discussion: "The octets can be given to a third party: text2pcap and Wireshark read the dump.")

    @Argument(
      help: ArgumentHelp(
        "The evidence that a finding names: sha256: and 64 hexadecimal digits, or the beginning of it.", valueName: "id"))
    var id: String

    @OptionGroup var state: StateOption

    func run() throws {
      let evidence: StoredEvidence
      do {
        let store = try StoreReader(folder: state.folder)
        let matches = try store.evidence(startingWith: id)
        guard let first = matches.first else {
          throw Ending(
            .usage,
            "There is no evidence \(id.printable) in \(state.folder). Findings name theirs (`nameward audit --format json`).")
        }
        guard matches.count == 1 else {
          throw Ending(.usage, "\(id.printable) is the beginning of several: give more of its digits.")
        }
        evidence = first
      } catch let fault as StoreFault {
        throw Ending(.error, "\(fault)")
      }
      Console.print(EvidencePage(evidence).text)
    }
  }
}
