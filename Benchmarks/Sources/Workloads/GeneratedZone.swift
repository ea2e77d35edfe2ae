/// A zone file of any size, the same octets each time: as a registry or a hoster has it.
public struct GeneratedZone {
  public enum Kind: String, CaseIterable, Sendable {
    /// A name each, one A record each.
    case addresses
    /// Delegations with glue now and then, mail, aliases, text, IPv6.
    case mixed
  }

  public static let origin = "zone.example."

  /// The file: an SOA, an NS, its address, then as many records as wanted.
  public static func octets(_ kind: Kind, records: Int) -> [UInt8] {
    var text = """
      $ORIGIN \(origin)
      $TTL 3600
      @ IN SOA ns1 hostmaster 1 7200 3600 1209600 300
      @ IN NS ns1
      ns1 IN A 192.0.2.53

      """
    text.reserveCapacity(records * 32)
    for number in 0..<records {
      let address = "10.\(number >> 16 & 0xFF).\(number >> 8 & 0xFF).\(number & 0xFF)"
      switch kind {
      case .addresses: text += "host\(number) A \(address)\n"
      case .mixed: text += mixed(number, address)
      }
    }
    return Array(text.utf8)
  }

  /// Ten records make five names; with each ten the names are new.
  private static func mixed(_ number: Int, _ address: String) -> String {
    let name = "d\(number / 10)"
    return switch number % 10 {
    case 0: "\(name) 86400 IN NS ns1.hoster\(number / 10 % 50).example.\n"
    case 1: "\(name) 86400 IN NS ns2.hoster\(number / 10 % 50).example.\n"
    case 2: "www.\(name)x IN A \(address)\n"
    case 3: "\tIN\tAAAA\t2001:db8::\(String(number & 0xFFFF, radix: 16)):1\n"
    case 4: "\(name)x IN MX 10 mail.\(name)x\n"
    case 5: "\(name)x IN TXT \"v=spf1 ip4:\(address) -all\"\n"
    case 6: "mail.\(name)x IN A \(address) ; a comment\n"
    case 7: "\(name)x IN CAA 0 issue \"ca.example\"\n"
    case 8: "ftp.\(name)x IN CNAME www.\(name)x\n"
    default: "_sip._tcp.\(name)x 600 IN SRV 0 5 5060 ( sip.\(name)x )\n"
    }
  }
}
