import Foundation
import Glibc
import Testing

@testable import nameward

@Suite("What a path may lead to") struct FilesTests {
  /// A folder for one test, with what it may hold.
  func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nameward-files-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  func reason(_ path: String) -> String? {
    do {
      _ = try Reading.contents(of: path)
      return nil
    } catch {
      return "\(error)".replacing("\(path): ", with: "")
    }
  }

  @Test(.timeLimit(.minutes(5))) func `a pipe, a device, a folder and a ring of links hold nothing up`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (pipe, link, ring) = (folder.path + "/pipe", folder.path + "/link", folder.path + "/ring")
    // The path outlives the call, which keeps nothing of it.
    let made = unsafe mkfifo(pipe, 0o600)
    try #require(made == 0)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: pipe)
    try FileManager.default.createSymbolicLink(atPath: ring, withDestinationPath: ring)
    #expect(reason(pipe) == "it is a pipe or a device, not a file")
    #expect(reason(link) == "it is a pipe or a device, not a file")
    #expect(reason("/dev/zero") == "it is a pipe or a device, not a file")
    #expect(reason(folder.path) == "it is a folder, not a file")
    #expect(reason(ring) == "it is a symbolic link that leads to no file")
    #expect(reason(folder.path + "/none") == "there is no such file")
  }

  @Test func `what cannot be opened is a fault of the call, what breaks off is not`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func isFaultOfCall(_ path: String) throws -> Bool? {
      do {
        var pieces = try LogPieces(path)
        while try pieces.next() != nil {}
        return nil
      } catch let error as Reading.Unreadable {
        return error.isFaultOfCall
      }
    }
    #expect(try isFaultOfCall(folder.path + "/none") == true)
    #expect(try isFaultOfCall(folder.path) == true)
    // A gzip header, and nothing behind it.
    let cut = folder.path + "/cut.gz"
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]).write(to: URL(fileURLWithPath: cut))
    #expect(try isFaultOfCall(cut) == false)
    #expect(try isFaultOfCall("/dev/null") == true)
  }

  @Test func `a file is read through a link`() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, link) = (folder.path + "/file", folder.path + "/link")
    try Data("a".utf8).write(to: URL(fileURLWithPath: file))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    #expect(try Reading.contents(of: link) == Array("a".utf8))
  }
}
