internal import NIOCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why a server does not listen.
public enum TAXIIServerFault: Error, Hashable, Sendable {
  case inUse
  case notAllowed
  case notOfThisMachine

  /// `nil` for an error that is none of these.
  init?(_ error: any Error) {
    guard let code = (error as? IOError)?.errnoCode else { return nil }
    switch code {
    case EADDRINUSE: self = .inUse
    case EACCES, EPERM: self = .notAllowed
    case EADDRNOTAVAIL: self = .notOfThisMachine
    default: return nil
    }
  }

  /// What is wrong and what to do, without the address.
  public var sentence: String {
    switch self {
    case .inUse: "another program listens there already. End it, or choose another port."
    case .notAllowed: "this user may not listen there. Choose a port from 1024 on."
    case .notOfThisMachine: "this machine has no such address. Choose one that it has."
    }
  }
}
