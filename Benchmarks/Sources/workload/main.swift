import DNSWire
import Foundation
import Names
import Workloads

// One workload as a process of its own, for what watches whole processes: valgrind, and rivals beside it.
// Scripts/bench is the door.

let usage = """
  usage: workload count NAME TIMES       does a workload TIMES times and prints its operations
         workload make-zone KIND RECORDS prints a zone file: addresses or mixed
         workload read-zone FILE         reads one, as it is on disk, and prints what it holds

  """

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data(text.utf8))
  exit(2)
}

let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.dropFirst().first, arguments.dropFirst(2).first) {
case ("count", let name?, let times?):
  // Small, since valgrind makes each instruction cost fifty.
  guard let workload = try Workload.named(name, packets: 2_000, records: 5_000), let times = Int(times) else { fail(usage) }
  var operations = 0
  for _ in 0..<times { operations += workload.run() }
  print(operations)
case ("make-zone", let kind?, let records?):
  guard let kind = GeneratedZone.Kind(rawValue: kind), let records = Int(records) else { fail(usage) }
  FileHandle.standardOutput.write(Data(GeneratedZone.octets(kind, records: records)))
case ("read-zone", let path?, nil):
  let octets = [UInt8](try Data(contentsOf: URL(filePath: path), options: .alwaysMapped))
  let zone = ZoneFile(octets: octets, file: path, origin: try DomainName(GeneratedZone.origin))
  guard zone.faultCount == 0 else { fail("\(zone.faults[0])\n") }
  print("\(zone.records.count) records")
default: fail(usage)
}
