internal import Notation

// CybOX 2.x File and its kinds, as STIX 2.1 §6.7; Artifact, as §6.1.

extension STIX1Reader {
  private static func file(_ path: String) -> ObjectPath { ObjectPath("file", below: path) }

  /// - Parameter type: The object's type, which says what kind of file it is.
  mutating func file(_ properties: XMLElement, _ type: String) -> ComparisonExpression? {
    let hash = hashes(properties["Hashes"], ObjectPath("file", []))
    // Without the hash that its author named, a name alone would mean any file that is called so.
    if hash == nil, Self.hasHash(properties["Hashes"]) { return nil }
    var all: [ComparisonExpression?] = [
      hash, fileName(properties), filePath(properties), tests(properties, CybOXTable.kindsOfFile[type] ?? CybOXTable.file),
    ]
    switch type {
    case "ArchiveFileObjectType":
      for inner in properties.children where inner.name == "Archived_File" {
        let test = Self.joined([
          hashes(inner["Hashes"], ObjectPath("file", [])), fileName(inner), filePath(inner), tests(inner, CybOXTable.file),
        ])
        all.append(test?.moved(below: Self.file("extensions.archive-ext.contains_refs[*]")))
      }
    case "WindowsExecutableFileObjectType": all.append(executable(properties))
    case "PDFFileObjectType": all.append(pdf(properties))
    default: break
    }
    return Self.joined(all)
  }

  private static func hasHash(_ hashes: XMLElement?) -> Bool {
    (hashes?.children ?? []).contains { ($0["Simple_Hash_Value"] ?? $0["Fuzzy_Hash_Value"])?.content != nil }
  }

  /// A name, to which an extension may still belong.
  private mutating func fileName(_ properties: XMLElement) -> ComparisonExpression? {
    let path = Self.file("name")
    let suffix = properties["File_Extension"]
    guard let element = properties["File_Name"] else {
      guard var suffix, let text = suffix.content else { return nil }
      // An extension alone is how the name ends.
      suffix.text = text.hasPrefix(".") ? text : "." + text
      suffix.attributes["condition"] = "EndsWith"
      return comparison(suffix, path)
    }
    guard let name = comparison(element, path) else { return nil }
    guard let suffix, let text = suffix.content, element.content?.hasSuffix(text) != true else { return name }
    guard CybOXCondition(suffix.attributes["condition"] ?? "Equals") == .equals,
      let condition = CybOXCondition(element.attributes["condition"] ?? "Equals")
    else {
      publication.remark(suffix.place, .unsupported("file/File_Extension"))
      return name
    }
    let dotted = text.hasPrefix(".") ? text : "." + text
    switch condition {
    case .equals:
      var whole = element
      whole.text = (element.content ?? "") + dotted
      return comparison(whole, path)
    case .startsWith, .contains: return .all([name, .part(path, dotted, atEnd: true)])
    default:
      publication.remark(suffix.place, .unsupported("file/File_Extension"))
      return name
    }
  }

  /// A path is the folder where a name stands beside it, or where it ends in a separator; otherwise its last part is the name.
  private mutating func filePath(_ properties: XMLElement) -> ComparisonExpression? {
    guard var path = properties["Full_Path"] ?? properties["File_Path"], let text = path.content else { return nil }
    if path.name == "File_Path", let device = properties["Device_Path"]?.content { path.text = device + text }
    let folder = Self.file("parent_directory_ref.path")
    let isSplit = CybOXCondition(path.attributes["condition"] ?? "Equals") == .equals && !text.contains("##comma##")
    let hasName = properties["File_Name"] != nil
    if path.name == "File_Path", hasName { return comparison(path, folder) }
    guard isSplit, let (directory, name) = split(path: path.content ?? "") else { return comparison(path, folder) }
    let inFolder = directory.isEmpty ? nil : ComparisonExpression.equal(folder, directory)
    let called = name.isEmpty || hasName ? nil : ComparisonExpression.equal(Self.file("name"), name)
    return Self.joined([called, inFolder])
  }

  private mutating func executable(_ properties: XMLElement) -> ComparisonExpression? {
    var all: [ComparisonExpression?] = []
    if let header = properties.first("Headers", "File_Header") { all.append(tests(header, CybOXTable.peHeader)) }
    for section in properties["Sections"]?.children ?? [] {
      all.append(section["Section_Header"].flatMap { tests($0, CybOXTable.peSection) })
      if let entropy = section.first("Entropy", "Value") {
        all.append(comparison(entropy, Self.file("extensions.windows-pebinary-ext.sections[*].entropy"), .float))
      }
      all.append(hashes(section["Data_Hashes"], Self.file("extensions.windows-pebinary-ext.sections[*]")))
    }
    return Self.joined(all)
  }

  private mutating func pdf(_ properties: XMLElement) -> ComparisonExpression? {
    var all: [ComparisonExpression?] = [
      properties["Version"].flatMap { comparison($0, Self.file("extensions.pdf-ext.version")) }
    ]
    for entry in properties.first("Metadata", "Document_Information_Dictionary")?.children ?? [] {
      all.append(comparison(entry, Self.file("extensions.pdf-ext.document_info_dict." + entry.name)))
    }
    let ids = (properties["Trailers"]?.children ?? []).flatMap { $0["ID"]?.children ?? [] }
    for (number, id) in ids.prefix(2).enumerated() {
      all.append(comparison(id, Self.file("extensions.pdf-ext.pdfid\(number)")))
    }
    return Self.joined(all)
  }

  mutating func artifact(_ properties: XMLElement) -> ComparisonExpression? {
    Self.joined([hashes(properties["Hashes"], ObjectPath("artifact", [])), tests(properties, CybOXTable.artifact)])
  }
}
