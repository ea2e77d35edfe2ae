#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The folder that holds the state, and the names of the files in it.
struct StateFolder: Sendable {
  let path: String

  var database: String { path + "/nameward.sqlite" }
  var lock: String { path + "/nameward.lock" }

  /// Makes the folder, and those above it that are missing, for this user only.
  func make() throws {
    var status = stat()
    // `status` outlives the call, and a Swift string is passed with its final zero; so in every call below.
    if unsafe stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw StoreFault.notAFolder(path: path) }
      return
    }
    guard errno == ENOENT else { throw StoreFault(errno: errno, path: path) }
    if let slash = path.dropLast(while: "/").lastIndex(of: "/"), slash > path.startIndex {
      try StateFolder(path: String(path[..<slash])).make()
    }
    // Another process may have made it since: that is as good.
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw StoreFault(errno: errno, path: path) }
  }

  /// Makes an empty database file that only this user can read, since SQLite would follow the umask. Its companions follow it.
  ///
  /// A file that is there is not opened: to close it would drop all locks that SQLite holds on it for this process (POSIX), also
  /// those of a reader, and another process would then delete the log that the reader reads. The folder's lock is held, so nobody
  /// makes the file between the question and the answer.
  func makeDatabaseFile() throws {
    var status = stat()
    // `status` outlives the call, and the path is passed with its final zero; so in every call below.
    if unsafe stat(database, &status) == 0 {
      // A folder in the place of the file is no state folder in the place of a file.
      guard status.st_mode & S_IFMT != S_IFDIR else { throw StoreFault.failed(path: database, "it is a folder") }
      // SQLite would open what it may not write for reading only, and say less of it.
      guard unsafe access(database, R_OK | W_OK) == 0 else { throw StoreFault(errno: errno, path: database) }
      return
    }
    guard errno == ENOENT else { throw StoreFault(errno: errno, path: database) }
    let file = unsafe open(database, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreFault(errno: errno, path: database) }
    close(file)
  }

  var hasDatabaseFile: Bool {
    // The path is passed with its final zero.
    unsafe access(database, F_OK) == 0
  }
}

/// The right to write into a state folder, held by one process: a lock on a file, which the system drops when the process ends
/// in whatever way. A reference type, because the lock lasts as long as its one owner.
final class FolderLock: Sendable {
  private let file: Int32

  init(_ folder: StateFolder) throws {
    // The path is passed with its final zero.
    file = unsafe open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw StoreFault(errno: errno, path: folder.lock) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      defer { close(file) }
      guard code == EWOULDBLOCK else { throw StoreFault(errno: code, path: folder.lock) }
      throw StoreFault.inUse(folder: folder.path, holder: Self.holder(file))
    }
    let holder = Array("\(getpid())\n".utf8)
    // `holder` outlives the call, and its own count bounds it.
    guard ftruncate(file, 0) == 0, unsafe pwrite(file, holder, holder.count, 0) == holder.count else {
      let code = errno
      close(file)
      throw StoreFault(errno: code, path: folder.lock)
    }
  }

  deinit {
    // An empty file says that nobody holds it; that it cannot be emptied would be no harm.
    _ = ftruncate(file, 0)
    close(file)
  }

  private static func holder(_ file: Int32) -> Int32? {
    var octets = [UInt8](repeating: 0, count: 16)
    // At most as many octets are read as the array holds.
    let count = unsafe pread(file, &octets, octets.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: octets.prefix(count).prefix { $0 &- 0x30 < 10 }, as: UTF8.self))
  }
}

extension String {
  fileprivate func dropLast(while character: Character) -> Substring {
    var rest = self[...]
    while rest.last == character { rest = rest.dropLast() }
    return rest
  }
}
