import CMaxMindDB
import Estate
import Glibc
import Names

/// An open MaxMind database with AS numbers. A class because libmaxminddb's handle is closed once, when nobody has it any more.
@safe final class MaxMindFile: Sendable {
  let path: String
  /// What the database calls itself.
  let type: String
  let builtAt: Timestamp
  // Unsafe: set in init and closed in deinit only; between these libmaxminddb reads through it, which it allows from any thread.
  private nonisolated(unsafe) let handle: UnsafeMutablePointer<MMDB_s>

  init(_ path: String) throws(OriginFault) {
    let handle = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
    // The path is passed with its final zero; the handle is filled on success only.
    let code = unsafe MMDB_open(path, UInt32(MMDB_MODE_MMAP), handle)
    guard code == MMDB_SUCCESS else {
      unsafe handle.deallocate()
      throw Self.fault(code, path)
    }
    self.path = path
    unsafe self.handle = handle
    // A string of the handle, ended by a zero, or absent.
    let name = unsafe handle.pointee.metadata.database_type.map { unsafe String(cString: $0) }
    type = quoted(Array((name ?? "").utf8))
    builtAt = Timestamp(seconds: Int64(clamping: unsafe handle.pointee.metadata.build_epoch))
    guard try hasOrigins() else { throw .noOrigins(path: path, kind: type) }
  }

  deinit {
    // The one owner of both.
    unsafe MMDB_close(handle)
    unsafe handle.deallocate()
  }

  func origins(of address: IPAddress) throws(OriginFault) -> [UInt32] {
    var code = MMDB_SUCCESS
    var result = unsafe look(up: address, &code)
    // A database without IPv6 says nothing of it.
    if code == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR { return [] }
    guard code == MMDB_SUCCESS else { throw Self.fault(code, path) }
    guard unsafe result.found_entry else { return [] }
    // An entry of this handle.
    let number = try unsafe number(in: &result.entry)
    return number.map { $0 == 0 ? [] : [$0] } ?? []
  }

  private func look(up address: IPAddress, _ code: inout Int32) -> MMDB_lookup_result_s {
    switch address {
    case .v4(let value):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = value.bigEndian
      // A sockaddr_in may be read as sockaddr: its family says which it is.
      return unsafe withUnsafePointer(to: &name) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe MMDB_lookup_sockaddr(handle, $0, &code) }
      }
    case .v6:
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      // 16 octets, as an IPv6 address has.
      unsafe withUnsafeMutableBytes(of: &name.sin6_addr) { unsafe $0.copyBytes(from: address.octets) }
      return unsafe withUnsafePointer(to: &name) { pointer in
        // As above.
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe MMDB_lookup_sockaddr(handle, $0, &code) }
      }
    }
  }

  /// The AS number of an entry, under the names that MaxMind (and DB-IP) and IPinfo give it; `nil` where it has none.
  private func number(in entry: inout MMDB_entry_s) throws(OriginFault) -> UInt32? {
    for key in ["autonomous_system_number", "asn"] {
      var data = unsafe MMDB_entry_data_s()
      // A path of one key, ended by null; both live through the call.
      let code = unsafe key.withCString { key in
        unsafe [key, nil].withUnsafeBufferPointer { path in
          unsafe path.baseAddress.map { unsafe MMDB_aget_value(&entry, &data, $0) } ?? MMDB_INVALID_LOOKUP_PATH_ERROR
        }
      }
      if code == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR { continue }
      guard code == MMDB_SUCCESS else { throw Self.fault(code, path) }
      // The union's member that `type` names.
      if unsafe data.has_data { return unsafe Self.number(data) }
    }
    return nil
  }

  private static func number(_ data: MMDB_entry_data_s) -> UInt32? {
    // The union's member that `type` names; a string is as long as `data_size` says.
    switch unsafe Int32(data.type) {
    case MMDB_DATA_TYPE_UINT16: return unsafe UInt32(data.uint16)
    case MMDB_DATA_TYPE_UINT32: return unsafe data.uint32
    case MMDB_DATA_TYPE_INT32: return UInt32(exactly: unsafe data.int32)
    case MMDB_DATA_TYPE_UINT64: return UInt32(exactly: unsafe data.uint64)
    case MMDB_DATA_TYPE_UTF8_STRING:
      let text = unsafe UnsafeBufferPointer(
        start: UnsafeRawPointer(data.utf8_string)?.assumingMemoryBound(to: UInt8.self), count: Int(data.data_size))
      let digits = unsafe text.starts(with: Array("AS".utf8)) ? text.dropFirst(2) : text[...]
      guard unsafe (1...10).contains(digits.count), unsafe digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
      return UInt32(exactly: unsafe digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 &- 0x30) })
    default: return nil
    }
  }

  /// Whether one of the first entries has an AS number: then it is a database of these. Looks at a part of it only.
  private func hasOrigins() throws(OriginFault) -> Bool {
    var (open, steps, entries) = ([UInt32(0)], 0, 0)
    while let number = open.popLast(), steps < 100_000, entries < 1000 {
      steps += 1
      var node = unsafe MMDB_search_node_s()
      // Fills the node, or says that there is no such.
      let code = unsafe MMDB_read_node(handle, number, &node)
      guard code == MMDB_SUCCESS else { throw Self.fault(code, path) }
      let sides = unsafe [
        (node.right_record_type, node.right_record, node.right_record_entry),
        (node.left_record_type, node.left_record, node.left_record_entry),
      ]
      for unsafe(type, record, entry) in unsafe sides {
        switch Int32(type) {
        case MMDB_RECORD_TYPE_SEARCH_NODE: open.append(UInt32(truncatingIfNeeded: record))
        case MMDB_RECORD_TYPE_DATA:
          entries += 1
          var entry = unsafe entry
          // An entry of this handle.
          if try unsafe self.number(in: &entry) != nil { return true }
        case MMDB_RECORD_TYPE_EMPTY: break
        default: throw Self.fault(MMDB_CORRUPT_SEARCH_TREE_ERROR, path)
        }
      }
    }
    return false
  }

  private static func fault(_ code: Int32, _ path: String) -> OriginFault {
    switch code {
    case MMDB_FILE_OPEN_ERROR, MMDB_IO_ERROR: return .cannotRead(path: path, words(code))
    case MMDB_OUT_OF_MEMORY_ERROR: return .cannotRead(path: path, "there is no memory for it")
    default: return .damaged(path: path, words(code))
    }
  }

  /// libmaxminddb's words for its error codes, as the end of a sentence.
  private static func words(_ code: Int32) -> String {
    // A constant string of the library.
    let words = unsafe MMDB_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return words.last == "." ? String(words.dropLast()) : words
  }
}
