import Store

extension Ending {
  /// Why a store did not give what was asked of it. That there is none yet, and that it does not have what the call names, are
  /// faults of the call.
  ///
  /// - Parameter beginning: What to do where there is no store yet.
  init(of fault: StoreFault, beginning: String = "Take indicators in first (`nameward indicators import FILE`)") {
    switch fault {
    case .empty(let folder):
      self.init(.usage, "\(folder): there is no state here yet. \(beginning), or name another folder with --state.".printable)
    case .notAFolder, .unknownSource, .unknownRevision: self.init(.usage, "\(fault)")
    default: self.init(.error, "\(fault)")
    }
  }
}
