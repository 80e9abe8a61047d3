internal import TokyoDataCore

/// One way in which the objects of a version differ from its manifest.
struct ObjectDifference {
  var finding: VersionFinding
  /// The object is not there at all.
  var isMissing = false
}

extension Lake {
  /// How the objects in a version's folder differ from what its manifest names, by name and size.
  func objectDifferences(_ manifest: Manifest, _ record: VersionRecord) async throws -> [ObjectDifference] {
    let folder = try layout.folder(record.location)
    var sizes: [String: Int] = [:]
    try await objects.list(prefix: folder) { page in
      for object in page { sizes[String(object.key.path.dropFirst(folder.count))] = object.size }
    }
    var differences: [ObjectDifference] = []
    sizes[LakeLayout.manifestName] = nil
    for file in manifest.files {
      switch sizes.removeValue(forKey: file.name) {
      case nil:
        differences.append(
          ObjectDifference(
            finding: VersionFinding("the object is missing", file: file.name), isMissing: true))
      case file.bytes: break
      case .some(let size):
        differences.append(
          ObjectDifference(
            finding: VersionFinding(
              "it has \(size) bytes where the manifest says \(file.bytes)", file: file.name)))
      }
    }
    return differences
      + sizes.keys.sorted().map {
        ObjectDifference(finding: VersionFinding("the manifest does not name it", file: $0))
      }
  }
}
