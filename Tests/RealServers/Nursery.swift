import Dispatch
import Foundation
import Glibc
import Synchronization

/// The one thread that starts children.
///
/// Linux sends the parent-death signal when the *thread* that made the child ends (prctl(2), PR_SET_PDEATHSIG), and the threads
/// of a pool come and go. This one lasts as long as the process.
final class Nursery: Sendable {
  static let shared = Nursery()

  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let arrivals = DispatchSemaphore(value: 0)

  private init() {
    Thread.detachNewThread { [self] in
      while true {
        arrivals.wait()
        jobs.withLock { $0.removeFirst() }()
      }
    }
  }

  /// Starts a program in a process group of its own, with both outputs going to the end of a file.
  ///
  /// - Parameter arguments: The program's path, then its arguments.
  /// - Returns: The process, which is also the group.
  func start(_ arguments: [String], output: String) async throws -> pid_t {
    let result: Result<pid_t, ServerFault> = await withCheckedContinuation { continuation in
      jobs.withLock { $0.append { continuation.resume(returning: Nursery.spawn(arguments, output: output)) } }
      arrivals.signal()
    }
    return try result.get()
  }

  /// posix_spawn_file_actions_addclosefrom_np(3), which glibc has since 2.34 and Swift's import of it leaves out.
  private static let closeFrom: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32)? = {
    let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
    // The symbol has this type (spawn.h).
    return unsafe symbol.map {
      unsafe unsafeBitCast($0, to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self)
    }
  }()

  private static func spawn(_ arguments: [String], output: String) -> Result<pid_t, ServerFault> {
    // A child dies with this process, whatever ends it; setpriv becomes the program.
    let words = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"] + arguments
    let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/"]

    // Each C string is freed below; both lists end with the null that execve(2) wants.
    var argv: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe argv.indices { unsafe free(argv[index]) }
      for index in unsafe envp.indices { unsafe free(envp[index]) }
    }

    // Initialised here, destroyed on every way out.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A server that held the test runner's pipes, or the socket by which Foundation hears that another child has ended, would
    // keep whoever waits for them waiting. Closed in the child: a list made here would miss what another thread opens meanwhile.
    guard let closeFrom = unsafe closeFrom else { return .failure(.cannotStart(program: arguments[0], errno: ENOSYS)) }
    _ = unsafe closeFrom(&actions, 3)

    // Initialised here, destroyed on every way out. The set of signals is filled before it is read.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)

    var pid: pid_t = 0
    // The lists above outlive the call.
    let status = unsafe posix_spawn(&pid, words[0], &actions, &attributes, &argv, &envp)
    return status == 0 ? .success(pid) : .failure(.cannotStart(program: arguments[0], errno: status))
  }
}
