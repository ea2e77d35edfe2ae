/// What went wrong with a server or a tool that the tests start.
public enum ServerFault: Error, CustomStringConvertible {
  case notInstalled(program: String)
  case cannotStart(program: String, errno: Int32)
  case notReady(server: String, waiting: String, log: String)
  case ended(server: String, log: String)
  case toolFailed(command: String, status: Int32, output: String)
  case toolTooSlow(command: String, output: String)
  case notFollowed(server: String, zone: String, wanted: UInt32, served: UInt32?, log: String)
  case placeTaken(server: String, place: String)
  case socket(errno: Int32)
  case noFreePort(addresses: [String])
  case notInHierarchy(String)
  case notAnAddress(String)

  public var description: String {
    switch self {
    case .notInstalled(let program): "\(program) is not installed: run Scripts/bootstrap --tests."
    case .cannotStart(let program, let errno): "\(program) cannot be started: errno \(errno)."
    case .notReady(let server, let waiting, let log): "\(server) did not become ready: \(waiting). Its log ends:\n\(log)"
    case .ended(let server, let log): "\(server) ended before it was ready. Its log ends:\n\(log)"
    case .toolFailed(let command, let status, let output): "\(command) ended with status \(status):\n\(output)"
    case .toolTooSlow(let command, let output): "\(command) did not end in time:\n\(output)"
    case .notFollowed(let server, let zone, let wanted, let served, let log):
      "\(server) serves \(zone) with serial \(served.map(String.init) ?? "none"), not \(wanted). Its log ends:\n\(log)"
    case .placeTaken(let server, let place): "\(server) cannot start: another process listens at \(place)."
    case .socket(let errno): "A socket on loopback cannot be opened: errno \(errno)."
    case .noFreePort(let addresses): "No port is free on every one of \(addresses.joined(separator: ", "))."
    case .notInHierarchy(let what): "The hierarchy was started without \(what)."
    case .notAnAddress(let text): "\(text) is not an IPv4 address."
    }
  }
}
