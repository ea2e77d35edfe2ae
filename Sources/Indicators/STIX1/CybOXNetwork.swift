internal import Notation

// Traffic: CybOX 2.x Port, Socket Address, Network Connection, Network Packet, Network Socket, HTTP Session.

extension STIX1Reader {
  private static func traffic(_ path: String) -> ObjectPath { ObjectPath("network-traffic", below: path) }

  /// `dst` or `src`: as the address says, and the source where it says neither or both.
  func direction(of properties: XMLElement) -> String {
    let address = properties["IP_Address"]
    let (to, from) = (address?.attributes["is_destination"] == "true", address?.attributes["is_source"] == "true")
    return to && !from ? "dst" : "src"
  }

  /// - Parameter direction: `src` or `dst`; a port alone is where something was sent to.
  mutating func port(_ properties: XMLElement, _ direction: String) -> ComparisonExpression? {
    Self.joined([
      properties["Port_Value"].flatMap { comparison($0, Self.traffic("\(direction)_port"), .integer) },
      properties["Layer4_Protocol"].flatMap { comparison($0, Self.traffic("protocols[*]"), .lowerCase) },
    ])
  }

  /// STIX 2.1 has one place for who speaks: the address, and the name where there is no address.
  mutating func socketAddress(_ properties: XMLElement, _ direction: String) -> ComparisonExpression? {
    var tests: [ComparisonExpression?] = []
    if let element = properties["Port"] { tests.append(port(element, direction)) }
    let path = Self.traffic("\(direction)_ref.value")
    if let address = properties["IP_Address"] {
      if let reference = address.attributes["object_reference"] {
        tests.append(referred(reference, address, below: "\(direction)_ref"))
      } else if let element = address["Address_Value"] {
        tests.append(observable(element, "ipv4-addr", at: path))
      }
      if let name = properties["Hostname"] { publication.remark(name.place, .unsupported("a host name beside an address")) }
    } else if let element = properties.first("Hostname", "Hostname_Value") {
      tests.append(observable(element, "domain-name", at: path))
    }
    return Self.joined(tests)
  }

  /// The test of the object that a reference leads to, as a part of the traffic.
  private mutating func referred(_ reference: String, _ element: XMLElement, below path: String) -> ComparisonExpression? {
    guard let target = properties(of: reference) else {
      publication.remark(element.place, .danglingReference(reference))
      return nil
    }
    let type = Self.type(target.element)
    guard type == "AddressObjectType" else {
      publication.remark(element.place, .unsupported("an address that is a \(type)"))
      return nil
    }
    // An address refers to nothing, so one level is enough, as it is for a session below.
    return part(target, of: element, below: Self.traffic(path), levels: 1)
  }

  mutating func networkConnection(_ properties: XMLElement) -> ComparisonExpression? {
    var tests: [ComparisonExpression?] = []
    for child in properties.children {
      switch child.name {
      case "Layer3_Protocol", "Layer4_Protocol", "Layer7_Protocol":
        tests.append(comparison(child, Self.traffic("protocols[*]"), .lowerCase))
      case "Source_Socket_Address": tests.append(socketAddress(child, "src"))
      case "Destination_Socket_Address": tests.append(socketAddress(child, "dst"))
      case "Layer7_Connections": for layer in child.children { tests.append(application(layer)) }
      case "Creation_Time": tests.append(comparison(child, Self.traffic("start"), .timestamp))
      case "Custom_Properties": break
      default: publication.remark(child.place, .unsupported("network connection/\(child.name)"))
      }
    }
    return Self.joined(tests)
  }

  private mutating func application(_ layer: XMLElement) -> ComparisonExpression? {
    let referred = layer.attributes["object_reference"]
    switch layer.name {
    case "HTTP_Session":
      guard let referred else { return httpSession(layer) }
      if let target = properties(of: referred), Self.type(target.element) == "HTTPSessionObjectType" {
        return part(target, of: layer, levels: 1)
      }
    case "DNS_Query":
      // What is asked for over a connection is no property of traffic in STIX 2.1.
      publication.remark(layer.place, .unsupported("a DNS query of a connection"))
      return nil
    default: break
    }
    publication.remark(layer.place, referred.map { .danglingReference($0) } ?? .unsupported("network connection/\(layer.name)"))
    return nil
  }

  // MARK: HTTP

  mutating func httpSession(_ properties: XMLElement) -> ComparisonExpression? {
    let requests = properties.children.filter { $0.name == "HTTP_Request_Response" }
    var tests: [ComparisonExpression?] = []
    for pair in requests {
      if let request = pair["HTTP_Client_Request"] {
        // Of several requests only one can be a property of one connection.
        if tests.isEmpty {
          tests.append(httpRequest(request))
        } else {
          publication.remark(request.place, .unsupported("a second HTTP request"))
        }
      }
      if let response = pair["HTTP_Server_Response"] { publication.remark(response.place, .unsupported("an HTTP response")) }
    }
    return Self.joined(tests)
  }

  private mutating func httpRequest(_ request: XMLElement) -> ComparisonExpression? {
    let root = "extensions.http-request-ext."
    var tests: [ComparisonExpression?] = []
    for (name, path) in [("HTTP_Method", "request_method"), ("Value", "request_value"), ("Version", "request_version")] {
      if let element = request.first("HTTP_Request_Line", name) { tests.append(comparison(element, Self.traffic(root + path))) }
    }
    for field in request.first("HTTP_Request_Header", "Parsed_Header")?.children ?? [] {
      // Fields that are objects of their own hold their value deeper: an address, a name, a locator.
      let value = field["Value"] ?? field["Address_Value"] ?? field.first("Domain_Name", "Value") ?? field
      tests.append(comparison(value, Self.traffic(root + "request_header." + Self.fieldName(field.name))))
    }
    if let body = request["HTTP_Message_Body"] {
      if let length = body["Length"] { tests.append(comparison(length, Self.traffic(root + "message_body_length"), .integer)) }
      if let text = body["Message_Body"] {
        publication.remark(text.place, .unsupported("the text of an HTTP request"))
      }
    }
    return Self.joined(tests)
  }

  /// `User_Agent` is `User-Agent`; some are written in capitals.
  private static func fieldName(_ name: String) -> String {
    let irregular = ["X_ATT_DeviceId": "X-ATT-DeviceId", "X_Wap_Profile": "X-Wap-Profile", "DNT": "DNT", "TE": "TE"]
    return irregular[name] ?? name.replacing("_", with: "-")
  }

  // MARK: Packets and sockets

  mutating func networkPacket(_ properties: XMLElement) -> ComparisonExpression? {
    let layer = properties["Internet_Layer"]
    guard let header = layer?.first("ICMPv4", "ICMPv4_Header") ?? layer?.first("ICMPv6", "ICMPv6_Header") else {
      publication.remark(properties.place, .unsupported("a packet that is not of ICMP"))
      return nil
    }
    return tests(
      header,
      CybOXTable(
        "network-traffic",
        [("Type", "extensions.icmp-ext.icmp_type_hex", .hex), ("Code", "extensions.icmp-ext.icmp_code_hex", .hex)]))
  }

  mutating func networkSocket(_ properties: XMLElement) -> ComparisonExpression? {
    var tests: [ComparisonExpression?] = []
    for child in properties.children {
      switch child.name {
      case "Address_Family": tests.append(comparison(child, Self.traffic("extensions.socket-ext.address_family")))
      case "Type": tests.append(comparison(child, Self.traffic("extensions.socket-ext.socket_type")))
      case "Protocol": tests.append(comparison(child, Self.traffic("protocols[*]"), .lowerCase))
      case "Options": for option in child.children { tests.append(socketOption(option)) }
      case "Local_Address": tests.append(socketAddress(child, "src"))
      case "Remote_Address": tests.append(socketAddress(child, "dst"))
      default: publication.remark(child.place, .unsupported("network socket/\(child.name)"))
      }
    }
    return Self.joined(tests)
  }

  /// STIX 2.1 §6.12.5 has options as whole numbers; those that are on or off are 1 or 0.
  private mutating func socketOption(_ option: XMLElement) -> ComparisonExpression? {
    var option = option
    switch option.content?.lowercased() {
    case "true": option.text = "1"
    case "false": option.text = "0"
    default: break
    }
    return comparison(option, Self.traffic("extensions.socket-ext.options." + option.name.uppercased()), .integer)
  }
}
