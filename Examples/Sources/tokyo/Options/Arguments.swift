public import ArgumentParser
public import TokyoData

extension Day: @retroactive ExpressibleByArgument {}

extension DatasetName: @retroactive ExpressibleByArgument {
  /// Reads a name; nil for what cannot be one.
  public init?(argument: String) { try? self.init(argument) }
}

extension LateWritePolicy: @retroactive ExpressibleByArgument {
  /// What help shows.
  public static var allValueStrings: [String] { ["overlay", "reject"] }
}

extension SuspectResolution: @retroactive ExpressibleByArgument {
  /// What help shows.
  public static var allValueStrings: [String] { ["hot", "copy"] }
}

/// A length of time as `0s`, `30m`, `12h` or `7d`.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()),
      argument.utf8.dropLast().allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
    // A million years of days is beyond every clock, and within every one of our types.
    guard !overflow, seconds <= 1_000_000 * 366 * 86_400 else { return nil }
    duration = .seconds(seconds)
  }
}

/// `NAME=TYPE`, such as `amount=decimal(12,2)`.
struct ColumnTypeArgument: ExpressibleByArgument {
  let column: String
  let type: ColumnType

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex,
      let type = ColumnType(String(argument[argument.index(after: equals)...]))
    else { return nil }
    column = String(argument[..<equals])
    self.type = type
  }
}

/// Names with commas between, such as `id,region`.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
  }
}

/// The partition columns of year, month and day, such as `lake_year,lake_month,lake_day`.
struct PartitionColumnsArgument: ExpressibleByArgument {
  let columns: PartitionColumns

  init?(argument: String) {
    guard let names = NameList(argument: argument)?.names, names.count == 3,
      let columns = try? PartitionColumns(year: names[0], month: names[1], day: names[2])
    else { return nil }
    self.columns = columns
  }
}

/// A codec of Parquet pages by its short name.
enum CodecArgument: String, CaseIterable, ExpressibleByArgument {
  case snappy, zstd, gzip, none
}
