internal import GRDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension StoreFault {
  /// What a failed system call on a path means.
  init(errno code: Int32, path: String) {
    self =
      switch code {
      case ENOSPC, EDQUOT: .diskFull(path: path)
      case EACCES, EPERM: .noPermission(path: path)
      case EROFS: .readOnly(path: path)
      case ENOTDIR, EISDIR: .notAFolder(path: path)
      case ENOLCK, EOPNOTSUPP: .cannotShare(path: path, Self.words(of: code))
      default: .failed(path: path, Self.words(of: code))
      }
  }

  /// What an error of SQLite means; a fault stays what it is.
  init(_ error: any Error, path: String) {
    if let fault = error as? StoreFault {
      self = fault
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failed(path: path, "\(error)")
      return
    }
    let words = error.message ?? "\(error.resultCode)"
    self =
      switch error.resultCode {
      case .SQLITE_FULL: .diskFull(path: path)
      case .SQLITE_READONLY: .readOnly(path: path)
      case .SQLITE_PERM, .SQLITE_AUTH: .noPermission(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged(path: path, words)
      case .SQLITE_PROTOCOL, .SQLITE_NOLFS: .cannotShare(path: path, words)
      case .SQLITE_IOERR:
        switch error.extendedResultCode {
        // Growing the shared memory or a temporary file fails with these when there is no room.
        case .SQLITE_IOERR_SHMSIZE: .diskFull(path: path)
        case .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_SHMLOCK, .SQLITE_IOERR_LOCK:
          .cannotShare(path: path, words)
        default: .failed(path: path, words)
        }
      default: .failed(path: path, words)
      }
  }

  private static func words(of code: Int32) -> String {
    // strerror returns a NUL-terminated string of the C library, which is copied here at once.
    unsafe String(cString: strerror(code))
  }
}
