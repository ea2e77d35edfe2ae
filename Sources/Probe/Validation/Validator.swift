import CSockets
public import DNSWire
public import Estate
public import Names
import Synchronization

/// Validates names from a trust anchor down (RFC 4033 to 4035, RFC 5155) by libunbound; DNSSEC is never our own code.
public struct Validator: Sendable {
  public let settings: ValidatorSettings

  public init(_ settings: ValidatorSettings = ValidatorSettings()) { self.settings = settings }

  /// Validates what each name has of a type, or the proof that it has nothing.
  ///
  /// Works on a thread of its own and never throws: what could not be judged is `.indeterminate`, with the reason.
  /// - Returns: One validation for each question, in the same order.
  @concurrent public func validate(_ questions: [(name: DomainName, type: RRType)]) async -> [Validation] {
    guard !questions.isEmpty else { return [] }
    let isEnded = Flag()
    let settings = settings
    let asked = questions.map { Question(name: $0.name, type: $0.type.rawValue) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { answer in
        let started = DedicatedThread.start { answer.resume(returning: Self.work(asked, settings, isEnded)) }
        if !started {
          answer.resume(returning: .init(repeating: .indeterminate("the system gave no thread for it"), count: asked.count))
        }
      }
    } onCancel: {
      isEnded.isSet.store(true, ordering: .releasing)
    }
  }

  private struct Question: Sendable {
    var name: DomainName
    var type: UInt16
  }

  /// Tells the thread that nobody waits any more. A class because the thread and the task share it.
  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  private static func work(_ questions: [Question], _ settings: ValidatorSettings, _ isEnded: Flag) -> [Validation] {
    do {
      let context = try UnboundContext.make(settings)
      return try ask(questions, settings, context, isEnded)
    } catch {
      return .init(repeating: .indeterminate(error.words), count: questions.count)
    }
  }

  private static func ask(
    _ questions: [Question], _ settings: ValidatorSettings, _ context: borrowing UnboundContext, _ isEnded: Flag
  ) throws(UnboundContext.Fault) -> [Validation] {
    var validations = [Validation?](repeating: nil, count: questions.count)
    // One cell for each question; freed below, after every question is answered or cancelled.
    let answers = UnsafeMutablePointer<UnboundContext.Answer>.allocate(capacity: questions.count)
    unsafe answers.initialize(repeating: .waiting, count: questions.count)
    defer {
      unsafe answers.deinitialize(count: questions.count)
      unsafe answers.deallocate()
    }
    var underWay: [(place: Int, number: Int32, deadline: Int64)] = []
    defer { for question in underWay { context.cancel(question.number) } }
    var next = 0
    let wait = max(1_000_000, settings.timeout.nanoseconds)
    while next < questions.count || !underWay.isEmpty {
      guard !isEnded.isSet.load(ordering: .acquiring) else { break }
      while next < questions.count, underWay.count < max(1, settings.width) {
        // Below the capacity; the cell outlives the question.
        let number = try unsafe context.start(questions[next].name, questions[next].type, answers + next)
        underWay.append((next, number, csockets_now() &+ wait))
        next += 1
      }
      // Short enough to see a cancellation soon.
      try context.process(milliseconds: 50)
      let now = csockets_now()
      underWay.removeAll { question in
        // Below the capacity; written by process only, on this thread.
        switch unsafe answers[question.place] {
        case .resolved(let validation): validations[question.place] = validation
        case .failed(let code): validations[question.place] = .indeterminate(UnboundContext.words(code))
        case .waiting:
          guard now >= question.deadline else { return false }
          context.cancel(question.number)
          validations[question.place] = .indeterminate("no result within \(settings.timeout)")
        }
        return true
      }
    }
    return validations.map { $0 ?? .indeterminate("the run was ended before the result") }
  }
}
