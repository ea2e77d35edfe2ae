public import Indicators
public import Notation

/// Why a TAXII server gave nothing, or no more: what, which URL, and what to do.
public enum TAXIIFailure: Error, Hashable, Sendable {
  case web(WebFailure)
  case notJSON(url: String, JSONFault)
  case notResource(url: String, TAXIIFault)
  /// A page that was there before.
  case loops(url: String, page: Int)
  case tooMany(url: String, What, limit: Int)

  /// The pages did not end within this time.
  case tooLong(url: String, Duration)

  public enum What: String, Hashable, Sendable { case pages, objects, octets, values }

  public var sentence: String {
    switch self {
    case .web(let failure): failure.sentence
    case .notJSON(let url, let fault):
      "\(url): \(fault.place): \(fault.cause.sentence) Check that the URL is that of a TAXII 2.1 server."
    case .notResource(let url, let fault): "\(url): \(fault.place): \(fault.sentence)"
    case .loops(let url, let page):
      "\(url): page \(page) is one that was there before: the server's pages never end. Tell those who run the server; "
        + "what was taken in before stays."
    case .tooMany(let url, let what, let limit):
      "\(url): there are more than \(limit) \(what.rawValue). Ask for less, with a later added_after or by type; "
        + "what was taken in before stays."
    case .tooLong(let url, let limit):
      "\(url): the pages did not end within \(limit). Try again later, or ask for less; what was taken in before stays."
    }
  }
}
