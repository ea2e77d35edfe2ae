import Connectors
import Foundation
import Indicators
import Notation

/// A feed of MISP: a manifest, and beside it a file for each event.
///
/// Each time that the manifest says something else, every event is read again: an event, or a value in one, that is no longer there
/// is then known to be withdrawn.
struct MISPFeed {
  /// A hostile manifest names any number of events.
  static let mostEvents = 50_000
  /// Values of the largest feeds that are known: less than a million.
  static let mostIndicators = 20_000_000
  /// Files that are asked for at once.
  private static let width = 4

  /// As the person named the manifest.
  let name: String
  let isQuiet: Bool
  /// Brings a file that stands beside the manifest.
  let bring: @Sendable (String) async throws -> [UInt8]

  /// Reads the events that a manifest names. One that cannot be had or read is remarked on, and the source says which.
  ///
  /// - Throws: ``Ending`` where the manifest is none, or none of its events can be read.
  func read(_ manifest: [UInt8]) async throws -> (source: IndicatorFiles.Source, isWhole: Bool) {
    let entries = try entries(manifest)
    var publication = Publication(.misp)
    publication.title = "a feed of \(entries.count) event\(entries.count == 1 ? "" : "s")"
    publication.produced = entries.compactMap(\.timestamp).max()
    var missed: [String] = []
    var (unread, readTitles) = (Set(entries.indices), Set<String>())
    try await withThrowingTaskGroup(of: (Int, Result<Publication, Missing>).self) { group in
      var (asked, told, ready) = (0, 0, [Int: Result<Publication, Missing>]())
      while told < entries.count {
        while asked < entries.count, asked - told < Self.width {
          let (number, file) = (asked, entries[asked].file)
          group.addTask { (number, await event(file)) }
          asked += 1
        }
        guard let (number, result) = try await group.next() else { break }
        ready[number] = result
        while let result = ready.removeValue(forKey: told) {
          let file = entries[told].file
          switch result {
          case .success(let event):
            publication.add(event, from: file)
            unread.remove(told)
            if let title = event.title { readTitles.insert(title) }
          case .failure(let missing):
            publication.missed(file, because: missing.sentence)
            missed.append(missing.sentence)
          }
          told += 1
          if !isQuiet { Console.progress("\(name.printable): \(told) of \(entries.count) events") }
        }
        guard publication.indicators.count <= Self.mostIndicators else {
          throw Ending(
            .error, "\(name.printable): the feed has more than \(Self.mostIndicators) indicators. Name its events one by one.")
        }
      }
    }
    Console.endProgress()
    if let first = missed.first, missed.count == entries.count {
      throw Ending(.error, "\(name): none of the feed's \(entries.count) events could be read; of the first: \(first)".printable)
    }
    // What is not whole is read again at the next poll, whatever the manifest says.
    let digest = IndicatorFiles.digest(manifest + (missed.isEmpty ? [] : Array(missed.joined().utf8)))
    var source = IndicatorFiles.Source(name: name, publication: publication, digest: digest)
    if !missed.isEmpty {
      source.missed = MissedEvents(
        titles: Set(unread.map { entries[$0].info }), readTitles: readTitles, count: unread.count, total: entries.count,
        reason: missed[0])
    }
    return (source, missed.isEmpty)
  }

  private struct Missing: Error { var sentence: String }

  private func entries(_ manifest: [UInt8]) throws -> [MISPManifest.Entry] {
    let place: TextPlace
    let sentence: String
    do {
      let entries = try MISP.manifest(JSONValue(manifest)).entries
      if entries.count <= Self.mostEvents { return entries }
      (place, sentence) = (.start, "The manifest names more than \(Self.mostEvents) events. Name their files one by one.")
    } catch let fault as JSONFault {
      (place, sentence) = (fault.place, fault.cause.sentence)
    } catch let fault as MISPFault {
      (place, sentence) = (fault.place, fault.sentence)
    }
    throw Ending(.usage, "\(name):\(place): \(sentence)".printable)
  }

  private func event(_ file: String) async -> Result<Publication, Missing> {
    do { return .success(try IndicatorFiles.read(try await bring(file), named: file).publication) } catch let ending as Ending {
      return .failure(Missing(sentence: ending.sentences.joined(separator: " ")))
    } catch let failure as WebFailure {
      return .failure(Missing(sentence: failure.sentence))
    } catch {
      return .failure(Missing(sentence: "\(error)."))
    }
  }
}
