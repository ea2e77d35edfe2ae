import Connectors
import Crypto
import Estate
import Foundation
import Indicators
import Names
import Notation
import Store

/// Reads what a source of indicators gives now: a file, a URL, or a collection of a TAXII server.
struct SourceReader {
  enum Outcome {
    /// It has nothing else than the last time.
    case unchanged
    /// - isWhole: `false` where only what was added was asked for.
    case read(IndicatorFiles.Source, isWhole: Bool, marks: PollingMarks)
  }

  var credentials: WebCredentials?
  /// PEM, in the place of the system's.
  var authoritiesFile: String?
  var isQuiet = false
  /// For one answer of a far side.
  var timeout: Duration?
  /// Whether a source that holds nothing is taken as one without indicators.
  var takesEmpty = false

  /// A source by what the person wrote: `…/collections/ID/` is a collection of TAXII 2.1 (§5).
  static func source(_ name: String) -> IndicatorSource {
    if name == "-" || Reading.isPipe(name) { return IndicatorSource(name, .pipe) }
    guard name.hasPrefix("https://") || name.hasPrefix("http://") else { return IndicatorSource(name, .file) }
    return IndicatorSource(name, CollectionAddress(name) == nil ? .http : .taxii)
  }

  /// The first field of a URL's query whose name is that of a secret.
  static func secretField(of url: String) -> String? {
    guard source(url).kind != .file, let query = url.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
    let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
    let words = ["key", "token", "secret", "password", "passwd", "signature"]
    return names.first { name in words.contains { name.lowercased().contains($0) } }.map { String($0).printable }
  }

  /// - Parameters:
  ///   - known: What was taken from it before; it says what is new.
  ///   - markings: What its marking definitions say that were taken before, by their ids: what was added may name them.
  /// - Throws: ``Ending`` with what is wrong, where, and what to do: a fault of the call where it names a file that is not there.
  func read(
    _ source: IndicatorSource, since known: KnownIndicatorSource? = nil, markings: [String: TLP?] = [:]
  ) async throws -> Outcome {
    let marks = known?.marks ?? PollingMarks()
    switch source.kind {
    case .file: return try await file(source.location, known)
    case .pipe:
      return try await told {
        let read = try IndicatorFiles.read(
          IndicatorFiles.octets(of: source.location), named: source.location, emptyAs: empty(known))
        return .read(read, isWhole: true, marks: PollingMarks())
      }
    case .http: return try await told { try await feed(source.location, marks, known) }
    case .taxii: return try await told { try await pull(source.location, marks, markings) }
    case .received: return .unchanged
    }
  }

  /// The format of what holds nothing, where that is taken. One that had no indicators before loses none.
  private func empty(_ known: KnownIndicatorSource?) -> Publication.Format? {
    takesEmpty || known?.revision.total == 0 ? known?.format ?? .plainList : nil
  }

  private func file(_ path: String, _ known: KnownIndicatorSource?) async throws -> Outcome {
    let octets: [UInt8]
    do { octets = try IndicatorFiles.octets(of: path) } catch let ending as Ending where known != nil {
      // It was there before: the call is not at fault.
      throw Ending(.error, ending.sentences)
    }
    return try await told {
      guard path != "-", MISP.isManifest(octets) else {
        return .read(
          try IndicatorFiles.read(octets, named: path, emptyAs: empty(known)), isWhole: true, marks: PollingMarks())
      }
      if IndicatorFiles.digest(octets) == known?.digest { return .unchanged }
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      let feed = MISPFeed(name: path, isQuiet: isQuiet) { try IndicatorFiles.octets(of: folder.appending(path: $0).path) }
      let (source, isWhole) = try await feed.read(octets)
      return .read(source, isWhole: isWhole, marks: PollingMarks())
    }
  }

  /// What is wrong with a source that is there is no fault of the call that names it.
  private func told(_ work: () async throws -> Outcome) async throws -> Outcome {
    do { return try await work() } catch let ending as Ending {
      throw Ending(.error, ending.sentences)
    } catch let failure as WebFailure {
      throw Ending(.error, failure.sentence.printable)
    } catch let failure as TAXIIFailure {
      throw Ending(.error, failure.sentence.printable)
    }
  }

  private var options: WebClient.Options {
    var options = WebClient.Options(now: Clock.now)
    options.authoritiesFile = authoritiesFile
    if let timeout { options.timeout = timeout }
    return options
  }

  private func feed(_ url: String, _ marks: PollingMarks, _ known: KnownIndicatorSource?) async throws -> Outcome {
    let address = try WebAddress(url)
    let credentials = credentials?.bound(to: address)
    let feed = HTTPFeed(address, credentials: credentials)
    let since = HTTPFeed.Marks(entityTag: marks.etag, lastModified: marks.lastModified)
    return try await WebClient.use(options) { web in
      let fetched: HTTPFeed.Outcome
      do throws(WebFailure) { fetched = try await feed.fetch(web, since: since) } catch {
        // What a TAXII server says to who asks for no TAXII (§1.6.8).
        if case .status(406, _) = error.cause,
          let offer = await TAXIIOffer(client: TAXIIClient(web, credentials: credentials)).ending(at: address)
        {
          throw offer
        }
        throw error
      }
      switch fetched {
      case .notModified: return .unchanged
      case .body(let octets, let new):
        let marks = PollingMarks(etag: new.entityTag, lastModified: new.lastModified)
        guard MISP.isManifest(octets) else {
          return .read(
            try IndicatorFiles.read(octets, named: url, emptyAs: empty(known)), isWhole: true, marks: marks)
        }
        return IndicatorFiles.digest(octets) == known?.digest
          ? .unchanged : try await events(address, octets, marks, credentials, web)
      }
    }
  }

  /// The events of a MISP feed, each beside its manifest.
  private func events(
    _ manifest: WebAddress, _ octets: [UInt8], _ marks: PollingMarks, _ credentials: OriginCredentials?, _ web: WebClient
  ) async throws -> Outcome {
    let feed = MISPFeed(name: manifest.text, isQuiet: isQuiet) { file in
      guard case .body(let octets, _) = try await HTTPFeed(manifest.resolving(file), credentials: credentials).fetch(web) else {
        return []
      }
      return octets
    }
    let (source, isWhole) = try await feed.read(octets)
    // A feed that was not had whole is asked for again, also where its manifest stays.
    return .read(source, isWhole: isWhole, marks: isWhole ? marks : PollingMarks())
  }

  private func pull(_ url: String, _ marks: PollingMarks, _ markings: [String: TLP?]) async throws -> Outcome {
    guard let collection = CollectionAddress(url) else {
      throw Ending(.usage, "\(url.printable) is no collection of TAXII.")
    }
    var filter: TAXIIFilter
    do { filter = try TAXIIFilter(query: collection.query) } catch { throw Ending(.usage, "\(url): \(error.sentence)".printable) }
    // A page that a person copied is no beginning.
    filter.next = nil
    if let last = marks.addedAfter.flatMap({ TAXIITimestamp($0) }) { filter.addedAfter = last }
    let address = try WebAddress(collection.root)
    let credentials = credentials?.bound(to: address)
    return try await WebClient.use(options) { web in
      var objects: [JSONValue] = []
      let pulled = try await TAXIIClient(web, credentials: credentials).objects(of: collection.id, of: address, filter) {
        objects.append($0)
      }
      if objects.isEmpty, marks.addedAfter != nil { return .unchanged }
      let publication: Publication
      // All that it has says all that it means.
      let known = marks.addedAfter == nil ? [:] : markings
      do throws(STIX2Fault) {
        publication = try STIX2.read(JSONValue(content: .array(objects), place: .start), knownMarkings: known)
      } catch {
        throw Ending(.error, "\(url): \(error.sentence)".printable)
      }
      // The same objects in the same versions are the same content.
      let versions = objects.map { "\($0["id"]?.string ?? "") \(($0["modified"] ?? $0["created"])?.string ?? "")" }
      return .read(
        IndicatorFiles.Source(
          name: url, publication: publication, digest: IndicatorFiles.digest(Array(versions.joined(separator: "\n").utf8))),
        isWhole: marks.addedAfter == nil,
        marks: PollingMarks(addedAfter: pulled.lastAdded.map { "\($0)" } ?? marks.addedAfter))
    }
  }
}
