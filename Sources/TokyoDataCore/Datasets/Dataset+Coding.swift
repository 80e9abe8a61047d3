extension Dataset: Codable {
  private enum Key: String, CodingKey {
    case format, name, columns, primaryKey, timeColumn, policy
  }

  /// Reads a definition; unknown fields are ignored, a higher format is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let format = try container.decode(Int.self, forKey: .format)
    guard format <= Self.currentFormat else {
      throw TokyoDataError(
        .unsupported, "the dataset's definition has format \(format); this code reads \(Self.currentFormat)")
    }
    try self.init(
      container.decode(DatasetName.self, forKey: .name),
      schema: container.decode(ColumnSchema.self, forKey: .columns),
      primaryKey: container.decode([String].self, forKey: .primaryKey),
      timeColumn: container.decodeIfPresent(String.self, forKey: .timeColumn),
      policy: container.decode(DatasetPolicy.self, forKey: .policy))
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.currentFormat, forKey: .format)
    try container.encode(name, forKey: .name)
    try container.encode(schema, forKey: .columns)
    try container.encode(primaryKey, forKey: .primaryKey)
    try container.encodeIfPresent(timeColumn, forKey: .timeColumn)
    try container.encode(policy, forKey: .policy)
  }
}
