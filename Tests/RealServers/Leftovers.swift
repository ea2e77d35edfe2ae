import Glibc
import Synchronization

/// What a test run would leave behind: process groups and temporary folders that nobody has removed when it exits.
///
/// A run that is killed cannot do this; then the parent-death signal of ``ServerProcess`` ends the servers.
enum Leftovers {
  private static let groups = Mutex<Set<pid_t>>([])
  private static let folders = Mutex<Set<String>>([])
  private static let atExit: Void = {
    atexit {
      for group in Leftovers.groups.withLock({ $0 }) { kill(-group, SIGKILL) }
      for folder in Leftovers.folders.withLock({ $0 }) { Folder.remove(folder) }
    }
  }()

  static func keep(group: pid_t) {
    atExit
    _ = groups.withLock { $0.insert(group) }
  }

  static func forget(group: pid_t) {
    _ = groups.withLock { $0.remove(group) }
  }

  static func keep(folder: String) {
    atExit
    _ = folders.withLock { $0.insert(folder) }
  }

  static func forget(folder: String) {
    _ = folders.withLock { $0.remove(folder) }
  }
}
