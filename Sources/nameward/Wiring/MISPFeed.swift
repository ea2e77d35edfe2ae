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

  /// What all events of a feed take at most; those for which there is nothing left are not asked for.
  struct Bounds {
    /// Of their files, as they come.
    var octets = 2 << 30
    /// After which no further event is asked for.
    var duration = Duration.seconds(3600)
  }

  /// As the person named the manifest.
  let name: String
  let isQuiet: Bool
  var bounds = Bounds()
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
    let end = ContinuousClock.now + bounds.duration
    try await withThrowingTaskGroup(of: (Int, Result<Publication, Missing>, Int).self) { group in
      var (asked, told, octets, ready) = (0, 0, 0, [Int: Result<Publication, Missing>]())
      while told < entries.count {
        while asked < entries.count, asked - told < Self.width {
          let (number, file, spent) = (asked, entries[asked].file, whatIsSpent(octets, end))
          group.addTask {
            if let spent { return (number, .failure(spent), 0) }
            let (result, count) = await event(file)
            return (number, result, count)
          }
          asked += 1
        }
        guard let (number, result, count) = try await group.next() else { break }
        ready[number] = result
        octets += count
        while let result = ready.removeValue(forKey: told) {
          let file = entries[told].file
          switch result {
          case .success(let event):
            publication.add(event, of: entries[told])
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

  /// Why no further event is asked for, once these octets came.
  private func whatIsSpent(_ octets: Int, _ end: ContinuousClock.Instant) -> Missing? {
    if octets >= bounds.octets {
      return Missing(sentence: "The events before this one have more than \(bounds.octets) octets. Name its file by itself.")
    }
    if ContinuousClock.now >= end {
      return Missing(sentence: "The events before this one took more than \(bounds.duration). Name its file by itself.")
    }
    return nil
  }

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

  /// - Returns: What it says, and how many octets came, also where they are of no use.
  private func event(_ file: String) async -> (Result<Publication, Missing>, octets: Int) {
    var count = 0
    do {
      let octets = try await bring(file)
      count = octets.count
      return (.success(try IndicatorFiles.read(octets, named: file).publication), count)
    } catch let ending as Ending {
      return (.failure(Missing(sentence: ending.sentences.joined(separator: " "))), count)
    } catch let failure as WebFailure {
      return (.failure(Missing(sentence: failure.sentence)), count)
    } catch {
      return (.failure(Missing(sentence: "\(error).")), count)
    }
  }
}
