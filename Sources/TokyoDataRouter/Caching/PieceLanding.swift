internal import TokyoDataCore

/// How the flight of a piece ended.
enum PieceLanding: Sendable {
  /// With the piece.
  case piece(ColumnBatch, isHit: Bool)
  /// With an error of the cold store, which its passengers share.
  case failed(any Error)
  /// The versions were condemned meanwhile: everybody starts again.
  case condemned
  /// It cannot be handed on: everybody reads alone.
  case unshared
  /// Whoever brought it was canceled: one of those who wait must do it.
  case abandoned
}
