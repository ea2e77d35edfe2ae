import Glibc

/// A thread for work that waits in the kernel, where it would block the threads that tasks share.
enum DedicatedThread {
  /// Runs the body on a new thread. Returns whether the system gave one.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body))
    // The thread takes the one reference that passRetained left.
    let failed = unsafe pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    guard failed == 0 else {
      // No thread took it.
      unsafe work.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Carries the closure through the C call, which takes a pointer.
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
