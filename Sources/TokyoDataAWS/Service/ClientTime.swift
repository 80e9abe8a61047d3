internal import TokyoDataCore

/// The clocks and the dice of a client; tests hand in their own.
struct ClientTime: Sendable {
  /// For pauses between tries.
  var clock: any Clock<Duration> = ContinuousClock()
  /// The calendar.
  var now: @Sendable () -> Timestamp = Timestamp.systemNow
  /// From 0 to 1.
  var random: @Sendable () -> Double = { Double.random(in: 0...1) }
}
