internal import Names

/// What the contexts of OpenIOC 1.0 are in STIX 2.1, by their search paths in lower case.
enum OpenIOCContext {
  enum Kind {
    case text, integer, timestamp
    /// An e-mail address, as it is compared.
    case mailbox

    func constant(_ value: String) -> Constant? {
      switch self {
      case .text: .string(value)
      case .mailbox: .string(refanged(value).lowercased())
      case .integer: Int64(value.trimmed).map(Constant.integer)
      case .timestamp: Timestamp(written: value).map(Constant.timestamp)
      }
    }
  }

  /// Values that are objects of their own.
  static let values: [String: String] = [
    "dnsentryitem/host": "domain-name", "dnsentryitem/recordname": "domain-name", "dnsentryitem/recorddata/host": "domain-name",
    "network/dns": "domain-name", "urlhistoryitem/hostname": "domain-name", "cookiehistoryitem/hostname": "domain-name",
    "formhistoryitem/hostname": "domain-name", "systeminfoitem/hostname": "domain-name",
    "dnsentryitem/recorddata/ipv4address": "ipv4-addr", "dnsentryitem/recorddata/ipv6address": "ipv6-addr",
    "portitem/remoteip": "ipv4-addr", "processitem/portlist/portitem/remoteip": "ipv4-addr", "network/remoteip": "ipv4-addr",
    "routeentryitem/destination": "ipv4-addr", "arpentryitem/ipv4address": "ipv4-addr", "email/xoriginatingip": "ipv4-addr",
    "urlhistoryitem/url": "url", "filedownloadhistoryitem/sourceurl": "url", "network/url": "url",
  ]

  static let hashes: [String: HashAlgorithm] = [
    "fileitem/md5sum": .md5, "fileitem/sha1sum": .sha1, "fileitem/sha256sum": .sha256, "driveritem/md5sum": .md5,
    "driveritem/sha1sum": .sha1, "driveritem/sha256sum": .sha256, "taskitem/md5sum": .md5,
    "processitem/sectionlist/memorysection/md5sum": .md5,
    "processitem/sectionlist/memorysection/sha1sum": .sha1, "processitem/sectionlist/memorysection/sha256sum": .sha256,
    "serviceitem/pathmd5sum": .md5, "serviceitem/servicedllmd5sum": .md5, "email/attachment/md5sum": .md5,
  ]

  static let properties: [String: (ObjectPath, Kind)] = [
    "fileitem/filename": (ObjectPath("file", ["name"]), .text),
    "fileitem/filepath": (ObjectPath("file", below: "parent_directory_ref.path"), .text),
    "fileitem/sizeinbytes": (ObjectPath("file", ["size"]), .integer),
    "fileitem/created": (ObjectPath("file", ["ctime"]), .timestamp),
    "fileitem/modified": (ObjectPath("file", ["mtime"]), .timestamp),
    "fileitem/accessed": (ObjectPath("file", ["atime"]), .timestamp),
    "fileitem/peinfo/petimestamp": (ObjectPath("file", below: "extensions.windows-pebinary-ext.time_date_stamp"), .timestamp),
    "fileitem/peinfo/sections/section/name": (
      ObjectPath("file", below: "extensions.windows-pebinary-ext.sections[*].name"), .text
    ),
    "registryitem/path": (ObjectPath("windows-registry-key", ["key"]), .text),
    "registryitem/keypath": (ObjectPath("windows-registry-key", ["key"]), .text),
    "registryitem/valuename": (ObjectPath("windows-registry-key", below: "values[*].name"), .text),
    "registryitem/value": (ObjectPath("windows-registry-key", below: "values[*].data"), .text),
    "registryitem/text": (ObjectPath("windows-registry-key", below: "values[*].data"), .text),
    "processitem/name": (ObjectPath("process", below: "image_ref.name"), .text),
    "processitem/path": (ObjectPath("process", below: "image_ref.parent_directory_ref.path"), .text),
    "processitem/arguments": (ObjectPath("process", ["command_line"]), .text),
    "processitem/pid": (ObjectPath("process", ["pid"]), .integer),
    "processitem/parentpid": (ObjectPath("process", below: "parent_ref.pid"), .integer),
    "processitem/username": (ObjectPath("process", below: "creator_user_ref.account_login"), .text),
    "serviceitem/name": (ObjectPath("process", below: "extensions.windows-service-ext.service_name"), .text),
    "serviceitem/descriptivename": (ObjectPath("process", below: "extensions.windows-service-ext.display_name"), .text),
    "serviceitem/servicedll": (ObjectPath("process", below: "extensions.windows-service-ext.service_dll_refs[*].name"), .text),
    "useritem/username": (ObjectPath("user-account", ["account_login"]), .text),
    "network/uri": (ObjectPath("network-traffic", below: "extensions.http-request-ext.request_value"), .text),
    "network/useragent": (ObjectPath("network-traffic", below: "extensions.http-request-ext.request_header.User-Agent"), .text),
    "network/http_referr": (ObjectPath("network-traffic", below: "extensions.http-request-ext.request_header.Referer"), .text),
    "portitem/remoteport": (ObjectPath("network-traffic", ["dst_port"]), .integer),
    "portitem/localport": (ObjectPath("network-traffic", ["src_port"]), .integer),
    "portitem/localip": (ObjectPath("network-traffic", below: "src_ref.value"), .text),
    "portitem/protocol": (ObjectPath("network-traffic", below: "protocols[*]"), .text),
    "email/from": (ObjectPath("email-message", below: "from_ref.value"), .mailbox),
    "email/to": (ObjectPath("email-message", below: "to_refs[*].value"), .mailbox),
    "email/cc": (ObjectPath("email-message", below: "cc_refs[*].value"), .mailbox),
    "email/subject": (ObjectPath("email-message", ["subject"]), .text),
    "email/body": (ObjectPath("email-message", ["body"]), .text),
    "email/attachment/name": (ObjectPath("email-message", below: "body_multipart[*].body_raw_ref.name"), .text),
  ]

  /// The STIX object that a document of OpenIOC is about, for what STIX has no property for.
  private static let documents: [String: String] = [
    "fileitem": "file", "processitem": "process", "serviceitem": "process", "registryitem": "windows-registry-key",
    "network": "network-traffic", "portitem": "network-traffic", "email": "email-message", "useritem": "user-account",
  ]

  /// `FileItem/PEInfo/Exports/DllName` is `file:x_openioc_peinfo_exports_dllname` (STIX 2.1 §11.1 custom properties).
  static func custom(_ search: String) -> ObjectPath {
    let parts = search.lowercased().split(separator: "/").map { part in
      String(
        part.unicodeScalars.prefix(64).filter { $0.isASCII && ($0.properties.isAlphabetic || $0.value &- 0x30 < 10) || $0 == "_" }
      )
    }
    let document = parts.first ?? ""
    let rest = parts.dropFirst().prefix(10).joined(separator: "_")
    return ObjectPath(documents[document] ?? "x-openioc-\(document)", ["x_openioc_\(rest)"])
  }
}
