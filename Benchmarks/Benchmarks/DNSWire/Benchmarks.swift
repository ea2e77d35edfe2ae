import Benchmark
import Workloads

/// Times are reported and never gated: they depend on what else the machine does. Scripts/bench --gate holds the counts.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock], warmupIterations: 3, scalingFactor: .one, maxDuration: .seconds(3), maxIterations: 500)

  for name in Workload.names {
    Benchmark(name) { (benchmark, workload: Workload) in
      for _ in benchmark.scaledIterations { blackHole(workload.run()) }
    } setup: {
      guard let workload = try Workload.named(name) else { throw Unknown(name: name) }
      return workload
    }
  }
}

struct Unknown: Error {
  var name: String
}
