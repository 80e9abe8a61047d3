internal import TokyoDataCore
internal import TokyoDataLake

/// How tables and partitions of Glue differ from what they should be, in words.
enum GlueDifference {
  /// What of the columns is other than it should be; nil where names, types and order are the same.
  static func columns(_ there: [GlueColumn]?, _ wanted: [GlueColumn]?) -> String? {
    guard let wanted else { return nil }
    let there = there ?? []
    guard there.map(Key.init) != wanted.map(Key.init) else { return nil }
    let types = Dictionary(there.map { ($0.name, $0.type) }) { first, _ in first }
    let names = Set(wanted.map(\.name))
    var parts: [String] = []
    for column in wanted {
      switch types[column.name] {
      case nil: parts.append("\(column.name) is missing")
      case .some(let type) where type != column.type:
        parts.append("\(column.name) is \(type ?? "of no type") and should be \(column.type ?? "of none")")
      default: break
      }
    }
    parts += there.filter { !names.contains($0.name) }.map { "\($0.name) is not the dataset's" }
    if parts.isEmpty { parts = ["they are in another order"] }
    return "columns: " + parts.joined(separator: ", ")
  }

  /// What of the format is other than it should be.
  static func format(_ there: GlueStorage?, _ wanted: GlueStorage?) -> String? {
    if let parameter = LakeTable.misleading.first(where: { there?.serdeInfo?.parameters?[$0] != nil }) {
      return "\(parameter) is set, by which columns are taken for others"
    }
    let isSame =
      there?.inputFormat == wanted?.inputFormat && there?.outputFormat == wanted?.outputFormat
      && there?.serdeInfo?.serializationLibrary == wanted?.serdeInfo?.serializationLibrary
    return isSame ? nil : "files are read by another class than Parquet's"
  }

  /// Properties of ours that are other than they should be.
  static func parameters(_ there: [String: String]?, _ wanted: [String: String]?) -> String? {
    let changed = (wanted ?? [:]).filter { there?[$0.key] != $0.value }.keys.sorted()
    return changed.isEmpty ? nil : "properties were changed: " + changed.joined(separator: ", ")
  }

  private struct Key: Hashable {
    var name: String
    var type: String?

    init(_ column: GlueColumn) {
      name = column.name
      type = column.type
    }
  }
}

extension LakeTable {
  /// Settings under which Athena reads our files wrongly: by index, a column that was added since takes the
  /// place of another in old files.
  static let misleading = ["parquet.column.index.access"]

  /// Where the table itself lies; of an undated dataset's current version `show` says it.
  var fixedLocation: String? { role == .current && !dataset.isDated ? nil : emptyLocation }

  /// Takes back what was changed by hand, beyond what every use of the table corrects.
  func mend(_ table: inout GlueTable) {
    if let fixedLocation { table.storageDescriptor?.location = fixedLocation }
    for name in Self.misleading { table.storageDescriptor?.serdeInfo?.parameters?[name] = nil }
  }

  /// How the table differs from what it should be.
  func findings(on there: GlueTable?) -> [CatalogFinding] {
    guard let there else { return [CatalogFinding(.missingTable, "the table is missing", table: name)] }
    var wanted: GlueTable
    do throws(TokyoDataError) { wanted = try table(after: there) } catch {
      return [CatalogFinding(.foreignTable, error.message, table: name)]
    }
    mend(&wanted)
    var findings: [CatalogFinding] = []
    if let text = GlueDifference.columns(there.storageDescriptor?.columns, wanted.storageDescriptor?.columns)
    {
      findings.append(CatalogFinding(.tableColumns, text, table: name))
    }
    var properties = [
      GlueDifference.format(there.storageDescriptor, wanted.storageDescriptor),
      GlueDifference.parameters(there.parameters, wanted.parameters),
    ]
    if there.storageDescriptor?.location != wanted.storageDescriptor?.location {
      properties.append("the table lies in \(there.storageDescriptor?.location ?? "no place")")
    }
    if there.tableType != wanted.tableType { properties.append("it is no external table") }
    findings += properties.compactMap { $0 }.map { CatalogFinding(.tableProperties, $0, table: name) }
    return findings
  }

  /// How a partition differs from what it should be.
  func findings(on there: GluePartition, wanted: GluePartition, of record: VersionRecord) -> [CatalogFinding]
  {
    func finding(_ kind: CatalogFinding.Kind, _ message: String?) -> CatalogFinding? {
      message.map {
        CatalogFinding(
          kind, $0, table: name, version: record.id, day: dataset.isDated ? record.day : nil)
      }
    }
    let location = there.storageDescriptor?.location
    let isElsewhere = location != wanted.storageDescriptor?.location
    return [
      finding(.wrongLocation, isElsewhere ? "the partition is in \(location ?? "no place")" : nil),
      finding(
        .partitionColumns,
        GlueDifference.columns(there.storageDescriptor?.columns, wanted.storageDescriptor?.columns)),
      finding(.partitionProperties, GlueDifference.format(there.storageDescriptor, wanted.storageDescriptor)),
      finding(.partitionProperties, GlueDifference.parameters(there.parameters, wanted.parameters)),
    ].compactMap { $0 }
  }
}
