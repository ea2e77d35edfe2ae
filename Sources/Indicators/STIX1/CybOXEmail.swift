internal import Notation

// CybOX 2.x Email Message, as STIX 2.1 §6.6.

extension STIX1Reader {
  private static func email(_ path: String) -> ObjectPath { ObjectPath("email-message", below: path) }

  mutating func emailMessage(_ properties: XMLElement, levels: Int) -> ComparisonExpression? {
    var tests: [ComparisonExpression?] = []
    for child in properties.children {
      switch child.name {
      case "Header": for field in child.children { tests.append(headerField(field)) }
      case "Attachments": for file in child.children { tests.append(attachment(file, levels: levels)) }
      // A link is in the message's text, which STIX 2.1 has as a whole alone.
      case "Links":
        for link in child.children { publication.remark(link.place, .unsupported("a link in an e-mail")) }
      case "Custom_Properties": break
      default: publication.remark(child.place, .unsupported("e-mail/\(child.name)"))
      }
    }
    return Self.joined(tests)
  }

  private mutating func headerField(_ field: XMLElement) -> ComparisonExpression? {
    switch field.name {
    case "Subject": return comparison(field, Self.email("subject"))
    case "Date": return comparison(field, Self.email("date"), .timestamp)
    case "Message_ID": return comparison(field, Self.email("message_id"))
    case "Content_Type": return comparison(field, Self.email("content_type"))
    case "From": return mailbox(field, "from_ref.value")
    case "Sender": return mailbox(field, "sender_ref.value")
    case "To": return recipients(field, "to_refs[*].value")
    case "CC": return recipients(field, "cc_refs[*].value")
    case "BCC": return recipients(field, "bcc_refs[*].value")
    case "Reply_To": return mailbox(field, "additional_header_fields.Reply-To")
    case "X_Originating_IP":
      return field["Address_Value"].flatMap {
        observable($0, "ipv4-addr", at: Self.email("additional_header_fields.X-Originating-IP"))
      }
    case "In_Reply_To", "Errors_To", "MIME_Version", "Precedence", "User_Agent", "Boundary", "X_Priority", "X_Mailer":
      return comparison(field, Self.email("additional_header_fields." + field.name.replacing("_", with: "-")))
    default:
      publication.remark(field.place, .unsupported("e-mail header/\(field.name)"))
      return nil
    }
  }

  private mutating func mailbox(_ field: XMLElement, _ path: String) -> ComparisonExpression? {
    guard let element = field["Address_Value"] else {
      publication.remark(field.place, .noValue)
      return nil
    }
    return observable(element, "email-addr", at: Self.email(path))
  }

  /// Any of the recipients is enough: the same mail goes to many.
  private mutating func recipients(_ field: XMLElement, _ path: String) -> ComparisonExpression? {
    var tests: [ComparisonExpression] = []
    for recipient in field.children where recipient.name == "Recipient" {
      if let test = mailbox(recipient, path) { tests.append(test) }
    }
    return tests.isEmpty ? nil : .any(tests)
  }

  private mutating func attachment(_ file: XMLElement, levels: Int) -> ComparisonExpression? {
    let reference = file.attributes["object_reference"]
    guard let target = reference.flatMap(properties(of:)) else {
      publication.remark(file.place, .danglingReference(reference ?? file.name))
      return nil
    }
    guard Self.type(target.element).hasSuffix("FileObjectType") else { return nil }
    return part(target, of: file, below: Self.email("body_multipart[*].body_raw_ref"), levels: levels)
  }
}
