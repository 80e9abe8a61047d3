/// Memory that nobody can reach any more: a checker that does not find it finds nothing.
enum PlantedLeak {
  private final class Holder {
    var other: Holder?
    let bytes = [UInt8](repeating: 1, count: 1_000)
  }

  static func run() {
    for _ in 0..<100 { makeCycle() }
  }

  @inline(never)
  private static func makeCycle() {
    let (first, second) = (Holder(), Holder())
    (first.other, second.other) = (second, first)
  }
}
