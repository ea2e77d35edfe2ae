import DNSWire
import FoundationEssentials
import Names
import Workloads

// One workload as a process of its own, for what watches whole processes: valgrind, and rivals beside it.
// Scripts/bench is the door.

enum Call: Error {
  case unknown
  case faults(ZoneFault)
}

switch CommandLine.arguments.dropFirst() {
case let words where words.count == 3 && words.first == "count":
  guard let times = Int(words[3]), let workload = try Workload.named(words[2]) else { throw Call.unknown }
  var operations = 0
  for _ in 0..<times { operations += workload.run() }
  print(operations)
case let words where words.count == 3 && words.first == "make-zone":
  guard let kind = GeneratedZone.Kind(rawValue: words[2]), let records = Int(words[3]) else { throw Call.unknown }
  print(String(decoding: GeneratedZone.octets(kind, records: records), as: UTF8.self), terminator: "")
case let words where words.count == 2 && words.first == "read-zone":
  let octets = [UInt8](try Data(contentsOf: URL(filePath: words[2])))
  let zone = ZoneFile(octets: octets, file: words[2], origin: try DomainName(GeneratedZone.origin))
  if let fault = zone.faults.first { throw Call.faults(fault) }
  print(zone.records.count)
default:
  print("usage: workload count NAME TIMES | make-zone addresses|mixed RECORDS | read-zone FILE")
  throw Call.unknown
}
