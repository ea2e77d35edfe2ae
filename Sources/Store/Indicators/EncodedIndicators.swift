internal import Indicators
internal import Notation

/// Indicators in octets, each found by its number.
struct EncodedIndicators {
  private let blocks: [IndicatorBlock]
  /// The number of the first indicator of each block.
  private let starts: [Int]

  init(_ indicators: [Indicator], _ format: Publication.Format) {
    blocks = IndicatorBlock.made(of: indicators[...], format, as: \.self) {}
    var (starts, count) = ([Int](), 0)
    for block in blocks {
      starts.append(count)
      count += block.count
    }
    self.starts = starts
  }

  var hashes: [UInt64] { blocks.flatMap(\.hashes) }

  func key(_ index: Int) -> IndicatorKey {
    let (block, place) = place(of: index)
    return blocks[block].key(place)
  }

  func content(_ index: Int) -> IndicatorContent {
    let (block, place) = place(of: index)
    return blocks[block].content(place)
  }

  func identity(_ index: Int) -> ArraySlice<UInt8> {
    let (block, place) = place(of: index)
    return blocks[block].identities[place]
  }

  private func place(of index: Int) -> (block: Int, place: Int) {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= index { low = middle } else { high = middle }
    }
    return (low, index - starts[low])
  }
}

extension IndicatorBlock {
  /// Blocks of all indicators, or what is made of each, in their order; made by all processors.
  /// - Parameter meanwhile: Is done by the caller.
  static func made<Result: Sendable, Failure: Error>(
    of indicators: ArraySlice<Indicator>, _ format: Publication.Format, as result: @escaping @Sendable (IndicatorBlock) -> Result,
    meanwhile: () throws(Failure) -> Void
  ) throws(Failure) -> [Result] {
    // Some thousands: neighbours often share what is said of them, and who holds that is counted more slowly by several at once.
    let stretch = 4 * mostIndicators
    let parts = stride(from: indicators.startIndex, to: indicators.endIndex, by: stretch).map {
      indicators[$0..<min($0 + stretch, indicators.endIndex)]
    }
    return try parts.concurrentMap({ blocks($0, format).map(result) }, meanwhile: meanwhile).results.flatMap(\.self)
  }

  private static func blocks(_ indicators: ArraySlice<Indicator>, _ format: Publication.Format) -> [IndicatorBlock] {
    var (blocks, block) = ([IndicatorBlock](), IndicatorBlock())
    // By their numbers: to hold one indicator for itself is to count the owners of all its parts.
    for number in indicators.indices {
      block.append(indicators[number], of: format)
      if block.isFull {
        blocks.append(block)
        block = IndicatorBlock(withRoomLike: block)
      }
    }
    return block.count > 0 ? blocks + [block] : blocks
  }
}
