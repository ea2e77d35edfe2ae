import Audit
import Connectors
import DNSWire
import Estate
import Foundation
import Names
import Probe

/// Reads what the owner wrote; what is wrong with it ends the command with every fault told.
enum Reading {
  /// Larger files are refused before they are read.
  static let mostOctets = 1 << 30

  static func declaration(at path: String, isQuiet: Bool) throws -> Declaration {
    let octets: [UInt8]
    do { octets = try contents(of: path) } catch {
      throw Ending(.usage, "\(error). Write a declaration there, or name one with --config FILE.")
    }
    let reading = Declaration.read(
      octets: octets, file: path, now: Clock.now(), knownChecks: CheckSpecification.all.map(\.id), list: files(in:)
    ) { path, _ in try contents(of: path) }
    if !isQuiet { for notice in reading.notices { Console.say("note: \(notice)") } }
    guard var declaration = reading.declaration else {
      let faults = reading.faults.map { "\($0)".printable }
      let more = reading.faultCount - faults.count
      throw Ending(.usage, faults + (more > 0 ? ["… and \(more) more faults."] : []))
    }
    declaration.network = declaration.network.withRoots
    return declaration
  }

  /// What stands in a declaration beside its domains, and its text: what a proposal begins with. Without a file, the public
  /// Internet.
  static func base(at path: String, now: Timestamp, isQuiet: Bool) throws -> (Declaration, text: String?) {
    guard FileManager.default.fileExists(atPath: path) else {
      return (Declaration(network: Network().withRoots), nil)
    }
    let declaration = try declaration(at: path, isQuiet: isQuiet)
    return (declaration, String(decoding: try contents(of: path), as: UTF8.self))
  }

  static func declaration(zoneFile path: String, origin: DomainName, servers: [Server]) throws -> Declaration {
    let octets: [UInt8]
    do { octets = try contents(of: path) } catch { throw Ending(.usage, "\(error).") }
    let reading = Domain.read(zoneFile: octets, file: path, origin: origin) { path, _ in try contents(of: path) }
    guard var domain = reading.domain else {
      let more = reading.faultCount - reading.faults.count
      throw Ending(.usage, reading.faults.map { "\($0)".printable } + (more > 0 ? ["… and \(more) more faults."] : []))
    }
    domain.nameServers = []
    domain.secondaries = servers.map(\.address)
    return Declaration(domains: [domain])
  }

  /// The database of origins that the owner gives, told with its age: an old one says what was.
  static func origins(_ network: Network, now: Timestamp, isQuiet: Bool) throws -> OriginDatabase? {
    guard let path = network.originDatabase else { return nil }
    do {
      let database = try OriginDatabase(path: path)
      let days = database.builtAt.duration(to: now).components.seconds / 86_400
      if !isQuiet { Console.say("note: origins are from \(path), \(days) day\(days == 1 ? "" : "s") old (\(database.builtAt))") }
      return database
    } catch {
      throw Ending(.usage, "\(error)")
    }
  }

  /// Why a file could not be read, as a sentence without its end.
  struct Unreadable: Error, CustomStringConvertible {
    var description: String
  }

  /// The names of the files that are directly in a folder; `nil` if the path is no folder.
  static func files(in path: String) -> [String]? {
    var isFolder: ObjCBool = false
    // The pointer is to one ObjCBool, for the time of the call.
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return nil }
    return try? FileManager.default.contentsOfDirectory(atPath: path)
  }

  static func contents(of path: String) throws -> [UInt8] {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      let data = try handle.read(upToCount: mostOctets + 1) ?? Data()
      if data.count > mostOctets { throw Unreadable(description: "\(path) is larger than \(mostOctets >> 20) MB") }
      return Array(data)
    } catch let error as Unreadable {
      throw error
    } catch {
      let code = (error as? CocoaError)?.code
      let why =
        switch code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
        case .fileReadNoPermission?: "this user may not read it"
        default: (error as NSError).localizedDescription
        }
      throw Unreadable(description: "\(path): \(why)")
    }
  }
}
