import Audit
import Connectors
import DNSWire
import Estate
import Foundation
import Glibc
import Names
import Probe
import Store

/// Reads what the owner wrote; what is wrong with it ends the command with every fault told.
enum Reading {
  /// Larger files are refused before they are read.
  static let mostOctets = 1 << 30

  /// The declaration with all that it names; zones that it wants transferred are transferred first.
  ///
  /// - Parameter store: Opened only where there are such zones: it may have their copies.
  static func declaration(
    at path: String, now: Timestamp, store: () throws -> Store? = { nil }, isQuiet: Bool
  ) async throws -> Declaration {
    let octets = try declarationOctets(at: path)
    var reading = read(octets, at: path, now: now)
    if reading.faultCount == 0, !reading.wantedTransfers.isEmpty {
      if !isQuiet { Console.progress("transferring \(reading.wantedTransfers.count) zones") }
      let transfers = try await Transfers(now: Clock.now, store: store()).make(reading.wantedTransfers)
      Console.endProgress()
      reading = read(octets, at: path, now: now, transfers)
    }
    if !isQuiet { for notice in reading.notices { Console.say("note: \(notice)") } }
    guard var declaration = reading.declaration else { throw refusal(reading.faults, of: reading.faultCount) }
    declaration.network = declaration.network.withRoots
    return declaration
  }

  /// The declaration as far as it can be read without asking anybody.
  static func offline(at path: String, now: Timestamp) throws -> Declaration.Reading {
    let reading = read(try declarationOctets(at: path), at: path, now: now)
    for notice in reading.notices { Console.say("note: \(notice)") }
    if reading.faultCount > 0 { throw refusal(reading.faults, of: reading.faultCount) }
    return reading
  }

  /// What stands in a declaration beside its domains, and its text: what a proposal builds on. Without a file, the public
  /// Internet.
  static func base(at path: String) throws -> (base: Declaration.Base, text: String?) {
    guard FileManager.default.fileExists(atPath: path) else {
      return (Declaration.Base(Declaration(network: Network().withRoots)), nil)
    }
    let octets = try declarationOctets(at: path)
    let reading = Declaration.readBase(octets: octets, file: path) { path, _ in try contents(of: path) }
    guard var base = reading.base else { throw refusal(reading.faults, of: reading.faults.count) }
    base.declaration.network = base.declaration.network.withRoots
    return (base, String(decoding: octets, as: UTF8.self))
  }

  private static func declarationOctets(at path: String) throws -> [UInt8] {
    do { return try contents(of: path) } catch {
      throw Ending(.usage, "\(error). Write a declaration there, or name one with --config FILE.")
    }
  }

  private static func read(
    _ octets: [UInt8], at path: String, now: Timestamp, _ transfers: [TransferRequest: Transferred] = [:]
  ) -> Declaration.Reading {
    Declaration.read(
      octets: octets, file: path, now: now, knownChecks: CheckSpecification.all.map(\.id), transfers: transfers, list: files(in:)
    ) { path, _ in try contents(of: path) }
  }

  private static func refusal(_ faults: [DeclarationFault], of count: Int) -> Ending {
    let more = count - faults.count
    return Ending(.usage, faults.map { "\($0)".printable } + (more > 0 ? ["… and \(more) more faults."] : []))
  }

  /// A zone file as the whole of what is intended, however large.
  static func zone(at path: String, origin: DomainName, isQuiet: Bool) throws -> DeclaredZone {
    let octets: [UInt8]
    do { octets = try contents(of: path) } catch { throw Ending(.usage, "\(error).") }
    let reading = DeclaredZone.read(octets, file: path, origin: origin) { path, _ in try contents(of: path) }
    if !isQuiet { for notice in reading.notices { Console.say("note: \(notice)") } }
    guard let zone = reading.zone else { throw refusal(reading.faults, of: reading.faultCount) }
    return zone
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
    /// Whether it could not even be opened, for which another path is to be given.
    var isFaultOfCall = false
  }

  /// The names of the files that are directly in a folder; `nil` if the path is no folder.
  static func files(in path: String) -> [String]? {
    let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.isDirectoryKey])
    guard values?.isDirectory == true else { return nil }
    return try? FileManager.default.contentsOfDirectory(atPath: path)
  }

  /// What the shell puts in place of `<(…)` and standard input are pipes that somebody writes to.
  static func isPipe(_ path: String) -> Bool { path.hasPrefix("/dev/fd/") || path == "/dev/stdin" }

  /// Why what was opened is no file. A pipe to which nobody writes would hold up for ever, a device need not end.
  private static func whyNoFile(_ descriptor: Int32) -> String? {
    var status = stat()
    // `status` outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { return words(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return nil
    case S_IFDIR: return "it is a folder, not a file"
    default: return "it is a pipe or a device, not a file"
    }
  }

  /// Why a path cannot be opened.
  private static func whyNotOpened(_ path: String, _ reason: Int32) -> String {
    switch reason {
    case ENOENT where isLink(path), ELOOP: "it is a symbolic link that leads to no file"
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "this user may not read it"
    // A socket.
    case ENXIO: "it is a pipe or a device, not a file"
    default: words(reason)
    }
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    // The path is passed with its final zero, and `status` outlives the call.
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  // The C library's text ends with a zero, and is copied before it can change.
  private static func words(_ reason: Int32) -> String { unsafe String(cString: strerror(reason)) }

  static func contents(of path: String, atMost limit: Int = mostOctets) throws -> [UInt8] {
    let handle = try open(path)
    defer { try? handle.close() }
    return try octets(of: handle, path, atMost: limit)
  }

  /// The same of a file, or of standard input where the path is `-`.
  static func input(_ path: String, atMost limit: Int = mostOctets) throws -> [UInt8] {
    path == "-" ? try octets(of: .standardInput, "standard input", atMost: limit) : try contents(of: path, atMost: limit)
  }

  /// A file that may be read.
  static func open(_ path: String) throws -> FileHandle {
    // What is there may be another one a moment later: it is opened without waiting for a pipe's writer, and looked at then.
    let isPipe = isPipe(path)
    // The path is passed with its final zero.
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | (isPipe ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else {
      let reason = errno
      throw Unreadable(description: "\(path): \(whyNotOpened(path, reason))", isFaultOfCall: true)
    }
    if !isPipe, let why = whyNoFile(descriptor) {
      _ = Glibc.close(descriptor)
      throw Unreadable(description: "\(path): \(why)", isFaultOfCall: true)
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Everything that a file gives, read into its place at once: a large file is not in memory twice.
  private static func octets(of handle: FileHandle, _ path: String, atMost limit: Int) throws -> [UInt8] {
    let tooLarge = Unreadable(description: "\(path) is larger than \(limit >> 20) MB, and more is not read. Split it")
    do {
      // A pipe says no size.
      let size = (try? handle.seekToEnd()).flatMap { Int(exactly: $0) } ?? 0
      guard size <= limit else { throw tooLarge }
      if size > 0 { try handle.seek(toOffset: 0) }
      var octets: [UInt8] = []
      octets.reserveCapacity(size)
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        // Before it grows, since it doubles.
        guard octets.count + piece.count <= limit else { throw tooLarge }
        octets.append(contentsOf: piece)
      }
      return octets
    } catch let error as Unreadable {
      throw error
    } catch {
      throw Unreadable(description: "\(path): \((error as NSError).localizedDescription)")
    }
  }
}
