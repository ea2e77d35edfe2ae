internal import Notation

/// Why the state could not be opened, read or written. ``description`` is the sentence for a person: what happened, where, what
/// to do. Whatever the fault, what earlier passes recorded is still there.
public enum StoreFault: Error, Hashable, Sendable {
  /// Another process works with the folder; its process id where it could be read.
  case inUse(folder: String, holder: Int32?)
  /// The folder's path leads to something else.
  case notAFolder(path: String)
  /// There is no state to read yet.
  case empty(folder: String)
  case noPermission(path: String)
  /// The file system, or the file, can only be read.
  case readOnly(path: String)
  case diskFull(path: String)
  /// Another program holds SQLite's lock on the file.
  case busy(path: String)
  /// The octets are not what was written; SQLite's words, or what does not fit.
  case damaged(path: String, String)
  /// The file belongs to another program.
  case foreign(path: String)
  /// The file was written by a later version of this program.
  case newer(path: String, version: Int, known: Int)
  /// The file, opened for reading only, was written by an earlier version; opening it for writing brings it up to date.
  case older(path: String, version: Int, known: Int)
  /// The file system cannot lock or share memory, as many network file systems cannot.
  case cannotShare(path: String, String)
  /// No indicators were taken from a source of this name.
  case unknownSource(String)
  /// A source has no revision of this number; the number of its last one.
  case unknownRevision(source: String, Int, last: Int)
  /// A source that gave `before` indicators would suddenly have `now`.
  case implausible(source: String, before: Int, now: Int)
  /// Any other failure of the system or of SQLite, in its words.
  case failed(path: String, String)
}

extension StoreFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .inUse(let folder, let holder):
      "\(folder): the state folder is in use by \(holder.map { "process \($0)" } ?? "another process"). "
        + "Wait until it ends, or name another folder with --state."
    case .notAFolder(let path):
      "\(path): this is not a folder, so no state can be kept in it. Name a folder with --state."
    case .empty(let folder):
      "\(folder): there is no state here yet. Run an audit first, or name another folder with --state."
    case .noPermission(let path):
      "\(path): permission denied. Let the user who runs this own the state folder, or name another one with --state."
    case .readOnly(let path):
      "\(path): it can only be read. Mount the file system for writing, or name another folder with --state."
    case .diskFull(let path):
      "\(path): the disk is full. What was recorded before is intact and this pass is not recorded. "
        + "Make room, then run it again."
    case .busy(let path):
      "\(path): another program has locked the database. Close that program, then run this again."
    case .damaged(let path, let words):
      "\(path): the database is damaged: \(words). It was left as it is. "
        + "Restore the state folder from a backup, or move it away to begin with an empty one."
    case .foreign(let path):
      "\(path): this database belongs to another program and was left as it is. Name another folder with --state."
    case .newer(let path, let version, let known):
      "\(path): the database has format \(version) and this version of nameward knows formats up to \(known). "
        + "Install the newer version, or name another folder with --state."
    case .older(let path, let version, let known):
      "\(path): the database has format \(version) and is read as format \(known). "
        + "Run an audit once: it brings the database up to date."
    case .cannotShare(let path, let words):
      "\(path): this file system cannot lock files as SQLite needs it: \(words). Name a folder on a local disk with --state."
    case .unknownSource(let name):
      "\(printable(name, limit: 400)): there are no indicators of this source here. "
        + "Look at the names of the sources, or import it first."
    case .unknownRevision(let source, let number, let last):
      "\(printable(source, limit: 400)): there is no revision \(number). Name one from 1 to \(last)."
    case .implausible(let source, let before, let now):
      "\(printable(source, limit: 400)): there were \(before) indicators and now there would be \(now), "
        + "so nothing was taken and what was there before stays. Look at what the source gives; if it is right, take it with --force."
    case .failed(let path, let words):
      "\(path): the state could not be read or written: \(words). What was recorded before is intact. "
        + "Check the disk, then run this again."
    }
  }
}
