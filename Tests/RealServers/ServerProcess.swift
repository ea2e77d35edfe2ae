import Foundation
import Glibc
import Synchronization

/// A running program. A class, for it has one life: whoever drops the last reference ends the program.
final class ServerProcess: Sendable {
  let pid: pid_t
  let log: String
  private let reaped = Mutex<Int32?>(nil)

  /// - Parameter command: The program's path or name, then its arguments.
  /// - Parameter log: The file that gets its outputs.
  init(_ command: [String], log: String) async throws {
    var command = command
    if !command[0].hasPrefix("/") { command[0] = try Program.path(command[0]) }
    self.log = log
    pid = try await Nursery.shared.start(command, output: log)
    Leftovers.keep(group: pid)
  }

  deinit {
    guard reaped.withLock({ $0 }) == nil else { return }
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    // waitpid(2) writes one Int32; the child was killed, so the wait is short.
    while unsafe waitpid(pid, &status, 0) == -1 && errno == EINTR {}
    var patience = 500
    while patience > 0 && hasLeftovers {
      usleep(1000)
      patience -= 1
    }
    Leftovers.forget(group: pid)
  }

  /// The wait status once the program has ended, as waitpid(2) gives it.
  var ended: Int32? {
    reaped.withLock { reaped in
      if reaped != nil { return reaped }
      var status: Int32 = 0
      // waitpid(2) writes one Int32. Until this call succeeds the process number cannot be given to another process.
      guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
      kill(-pid, SIGKILL)  // what it started and left behind
      Leftovers.forget(group: pid)
      reaped = status
      return status
    }
  }

  func signal(_ number: Int32) {
    reaped.withLock { if $0 == nil { kill(pid, number) } }
  }

  /// Asks the program to end, makes it end after three seconds, and returns when it is gone.
  func stop() async {
    signal(SIGTERM)
    let deadline = ContinuousClock.now + .seconds(3)
    var killed = false
    while ended == nil {
      if !killed && ContinuousClock.now > deadline {
        reaped.withLock { if $0 == nil { kill(-pid, SIGKILL) } }
        killed = true
      }
      await pause(.milliseconds(2))
    }
    while hasLeftovers && ContinuousClock.now < deadline + .seconds(1) { await pause(.milliseconds(1)) }
  }

  /// Whether a process that the program started lives on; it was killed with the group, and its sockets go with it. One that is
  /// dead and waits for init does not count.
  private var hasLeftovers: Bool {
    guard kill(-pid, 0) == 0, let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return false }
    return entries.contains { entry in
      // proc_pid_stat(5): "number (name) state parent group …"
      guard Int32(entry) != nil, let stat = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8),
        let close = stat.lastIndex(of: ")")
      else { return false }
      let fields = stat[close...].split(separator: " ", maxSplits: 4)
      return fields.count > 3 && fields[1] != "Z" && fields[3] == String(pid)
    }
  }
}

/// Waits, also in a task that was cancelled: what is being stopped must still be seen to the end.
func pause(_ duration: Duration) async {
  if (try? await Task.sleep(for: duration)) == nil { usleep(1000) }
}
