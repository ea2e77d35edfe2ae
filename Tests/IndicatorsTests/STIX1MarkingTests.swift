import Notation
import Testing

@testable import Indicators

/// The packages of an answer of TAXII 1, each with a colour of its own and what is in it.
private func answer(_ packages: (String, String)...) throws -> Publication {
  let blocks = packages.map { color, body in
    """
    <Content_Block><Content><STIX_Package><STIX_Header>\(handling(color))</STIX_Header>\(body)</STIX_Package></Content>
    </Content_Block>
    """
  }
  let text = """
    <Poll_Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\(blocks.joined())</Poll_Response>
    """
  return try STIX1.read(XMLElement(Array(text.utf8)))
}

private func handling(_ color: String) -> String {
  "<Handling><Marking><Marking_Structure color=\"\(color)\"/></Marking></Handling>"
}

private func object(_ type: String, _ properties: String, id: String = "") -> String {
  "<Object id=\"\(id)\"><Properties xsi:type=\"x:\(type)ObjectType\">\(properties)</Properties></Object>"
}

private func name(_ name: String, id: String = "") -> String { object("DomainName", "<Value>\(name)</Value>", id: id) }

@Suite("TLP 2.0: an indicator goes no further than all that it says") struct STIX1MarkingTests {
  @Test(arguments: [("WHITE", "RED"), ("RED", "WHITE"), ("RED", "GREEN")])
  func `one that is told in two packages is as strict as the stricter`(older: String, newer: String) throws {
    func indicator(_ year: Int) -> String {
      """
      <Indicators><Indicator id="i" timestamp="\(year)-01-01T00:00:00Z"><Observable>\(name("n\(year).example"))</Observable>
      </Indicator></Indicators>
      """
    }
    let (first, second) = ((older, indicator(2020)), (newer, indicator(2021)))
    for publication in [try answer(first, second), try answer(second, first)] {
      #expect(publication.indicators.map(\.marking) == [.red])
      #expect(publication.indicators.map(\.pattern) == [Pattern(.equal(ObjectPath("domain-name", ["value"]), "n2021.example"))])
    }
  }

  @Test func `one that is told twice in one package may be marked more strictly in one place`() throws {
    let observable = "<Observable>\(name("evil.example"))</Observable>"
    let publication = try answer(
      (
        "GREEN",
        """
        <Indicators><Indicator id="i">\(observable)</Indicator><Indicator id="i">\(observable)\(handling("AMBER"))</Indicator>
        </Indicators>
        """
      ))
    #expect(publication.indicators.map(\.marking) == [.amber])
  }

  /// What a green package refers to, which stands in an incident.
  static let references = [
    #"<Observable idref="o"/>"#, #"<Observable><Object idref="n"/></Observable>"#,
    #"<Observable><Object idref="o"/></Observable>"#,
    #"<Observable><Observable_Composition operator="OR"><Observable idref="o"/></Observable_Composition></Observable>"#,
    #"<Composite_Indicator_Expression operator="OR"><Indicator idref="j"/></Composite_Indicator_Expression>"#,
    "<Observable>\(object("EmailMessage", #"<Attachments><File object_reference="f"/></Attachments>"#))</Observable>",
    "<Observable>\(object("SocketAddress", #"<IP_Address object_reference="a"/>"#))</Observable>",
    "<Observable>\(object("NetworkConnection", layers))</Observable>",
    """
    <Observable><Object><Properties xsi:type="x:DomainNameObjectType"><Value>evil.example</Value></Properties><Related_Objects>
    <Related_Object idref="a"><Relationship>Resolved_To</Relationship></Related_Object></Related_Objects></Object></Observable>
    """,
  ]
  static let layers = #"<Layer7_Connections><HTTP_Session object_reference="h"/></Layer7_Connections>"#

  static func incident(_ color: String) -> String {
    let request = "<HTTP_Client_Request><HTTP_Request_Line><Value>/x</Value></HTTP_Request_Line></HTTP_Client_Request>"
    let objects = [
      object("File", "<File_Name>x.exe</File_Name>", id: "f"),
      object("Address", "<Address_Value>192.0.2.1</Address_Value>", id: "a"),
      object("HTTPSession", "<HTTP_Request_Response>\(request)</HTTP_Request_Response>", id: "h"),
    ]
    let observables = objects.map { "<Observable>\($0)</Observable>" }.joined()
    return """
      <Incidents><Incident><Related_Observables><Observable id="o">\(name("secret.example", id: "n"))</Observable>\(observables)
      </Related_Observables><Related_Indicators><Indicator id="j"><Observable>\(name("secret.example"))</Observable></Indicator>
      </Related_Indicators>\(handling(color))</Incident></Incidents>
      """
  }

  @Test(arguments: references) func `what is referred to keeps the marking of where it stands`(reference: String) throws {
    let body = "<Indicators><Indicator id=\"i\">\(reference)</Indicator></Indicators>"
    for (color, marking) in [("RED", TLP.red), ("WHITE", TLP.green)] {
      let (incident, referring) = (("WHITE", Self.incident(color)), ("GREEN", body))
      for publication in [try answer(incident, referring), try answer(referring, incident)] {
        let indicator = try #require(publication.indicators.first { $0.id == "i" })
        #expect(indicator.pattern != nil)
        #expect(indicator.marking == marking)
      }
    }
  }

  @Test func `what is referred to by way of another is marked as both`() throws {
    let composed = """
      <Observables><Observable id="c"><Observable_Composition operator="OR"><Observable idref="o"/></Observable_Composition>
      </Observable></Observables>
      """
    let body = #"<Indicators><Indicator id="i"><Observable idref="c"/></Indicator></Indicators>"#
    let publication = try answer(("GREEN", body), ("AMBER", composed), ("WHITE", Self.incident("RED")))
    #expect(publication.indicators.first { $0.id == "i" }?.marking == .red)
    let less = try answer(("GREEN", body), ("AMBER", composed), ("WHITE", Self.incident("GREEN")))
    #expect(less.indicators.first { $0.id == "i" }?.marking == .amber)
  }

  @Test func `what stands in an indicator is marked as that is`() throws {
    let body = """
      <Indicators><Indicator id="r"><Observable id="o">\(name("secret.example"))</Observable>\(handling("RED"))
      <Related_Indicators><Related_Indicator><Indicator><Observable>\(name("other.example"))</Observable></Indicator></Related_Indicator>
      </Related_Indicators></Indicator>
      <Indicator id="i"><Observable idref="o"/></Indicator>
      <Indicator id="c"><Composite_Indicator_Expression operator="OR"><Indicator><Observable>\(name("third.example"))
      </Observable>\(handling("AMBER"))</Indicator></Composite_Indicator_Expression></Indicator></Indicators>
      """
    #expect(try answer(("GREEN", body)).indicators.map(\.marking) == [.red, .red, .red, .amber])
  }

  @Test func `a part that is left out marks nothing`() throws {
    let negated = #"<Observable id="o" negate="true">\#(name("a.example"))</Observable>"#
    let body = """
      <Indicators><Indicator id="i"><Observable idref="o"/><Observable>\(name("b.example"))</Observable></Indicator></Indicators>
      """
    let publication = try answer(("GREEN", body), ("RED", "<Observables>\(negated)</Observables>"))
    #expect(publication.indicators.map(\.pattern) == [Pattern(.equal(ObjectPath("domain-name", ["value"]), "b.example"))])
    #expect(publication.indicators.map(\.marking) == [.green])
  }
}

@Suite("CybOX 2.1 object references: read once, however many there are") struct CybOXReferenceTests {
  /// What refers to one object many times.
  enum Form: CaseIterable {
    case attachment, peer, resolution

    func referred(_ count: Int) -> String {
      switch self {
      case .attachment:
        let hashes = (1...count).map { number in
          let digits = String(number, radix: 16)
          let hash = String(repeating: "0", count: 32 - digits.count) + digits
          return "<Hash><Simple_Hash_Value>\(hash)</Simple_Hash_Value></Hash>"
        }
        return object("File", "<Hashes>\(hashes.joined())</Hashes>", id: "x")
      case .peer, .resolution:
        let addresses = (1...count).map { "10.0.\($0 / 250).\($0 % 250)" }
        return object("Address", "<Address_Value>\(addresses.joined(separator: "##comma##"))</Address_Value>", id: "x")
      }
    }

    func referring(_ count: Int) -> String {
      func times(_ text: String) -> String { String(repeating: text, count: count) }
      switch self {
      case .attachment: return object("EmailMessage", "<Attachments>\(times(#"<File object_reference="x"/>"#))</Attachments>")
      case .peer:
        let peer = #"<Source_Socket_Address><IP_Address object_reference="x"/></Source_Socket_Address>"#
        return object("NetworkConnection", times(peer))
      case .resolution:
        let related = #"<Related_Object idref="x"><Relationship>Resolved_To</Relationship></Related_Object>"#
        return """
          <Object><Properties xsi:type="x:DomainNameObjectType"><Value>evil.example</Value></Properties>
          <Related_Objects>\(times(related))</Related_Objects></Object>
          """
      }
    }

    /// Beside what is referred to.
    var own: Int { self == .resolution ? 1 : 0 }
  }

  static func read(_ form: Form, _ count: Int) throws -> Publication {
    let observables = "<Observables><Observable>\(form.referred(count))</Observable></Observables>"
    return try STIX1Sample.package(
      observables + STIX1Sample.indicator("<Observable>\(form.referring(count))</Observable>"))
  }

  @Test(arguments: Form.allCases) func `each is a part of what refers to it`(form: Form) throws {
    let publication = try Self.read(form, 100)
    #expect(publication.remarks.map(\.cause) == [])
    guard case .observation(let test)? = publication.indicators.first?.pattern?.expression else {
      Issue.record("no single observation")
      return
    }
    #expect(test.count == 100 * 100 + form.own)
  }

  /// 9000 references to 9000 values are 81 million comparisons.
  @Test(.timeLimit(.minutes(5)), arguments: Form.allCases)
  func `more than a pattern may have are refused before they are copied, with one remark`(form: Form) throws {
    let publication = try Self.read(form, 9000)
    #expect(publication.indicators.map(\.pattern) == [nil])
    #expect(publication.remarks.map(\.cause) == [.unsupported("a pattern of more than \(STIX1.mostComparisons) comparisons")])
  }
}
