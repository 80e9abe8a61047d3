extension S3LifecycleRule {
  /// Reads a `Rule` of S3's document.
  init(_ rule: XMLElement) {
    self.init(id: "")
    for element in rule.children where !take(element) { others.append(element) }
  }

  /// Reads an element that has a property and nothing in it that has none.
  private mutating func take(_ element: XMLElement) -> Bool {
    switch element.name {
    case "ID": id = element.text
    case "Status": isEnabled = element.text == "Enabled"
    case "Prefix": filter.prefix = element.text
    case "Filter":
      guard let found = Filter(element) else { return false }
      filter = found
    case "Transition":
      guard let days = element.number("Days"), let name = element["StorageClass"]?.text,
        element.children.count == 2
      else { return false }
      transitions.append(Transition(days: days, to: S3StorageClass(name: name)))
    case "Expiration":
      guard let days = element.onlyNumber("Days") else { return false }
      expirationDays = days
    case "NoncurrentVersionExpiration":
      guard let days = element.onlyNumber("NoncurrentDays") else { return false }
      earlierVersionDays = days
    case "AbortIncompleteMultipartUpload":
      guard let days = element.onlyNumber("DaysAfterInitiation") else { return false }
      unfinishedUploadDays = days
    default: return false
    }
    return true
  }

  /// The `Rule` of S3's document.
  var element: XMLElement {
    var parts = [XMLElement("ID", id), XMLElement("Status", isEnabled ? "Enabled" : "Disabled")]
    // A filter that was not understood is among the others, and stands alone.
    if !others.contains(where: { $0.name == "Filter" }) { parts.append(filter.element) }
    parts += transitions.map {
      XMLElement(
        "Transition", [XMLElement("Days", $0.days), XMLElement("StorageClass", $0.storageClass.name)])
    }
    if let days = expirationDays { parts.append(XMLElement("Expiration", [XMLElement("Days", days)])) }
    if let days = earlierVersionDays {
      parts.append(XMLElement("NoncurrentVersionExpiration", [XMLElement("NoncurrentDays", days)]))
    }
    if let days = unfinishedUploadDays {
      parts.append(XMLElement("AbortIncompleteMultipartUpload", [XMLElement("DaysAfterInitiation", days)]))
    }
    return XMLElement("Rule", parts + others)
  }
}

extension S3LifecycleRule.Filter {
  /// Reads a `Filter`; nil for one with conditions that have no property.
  fileprivate init?(_ element: XMLElement) {
    self.init()
    for condition in element.children.first?.name == "And" ? element.children[0].children : element.children {
      switch condition.name {
      case "Prefix": prefix = condition.text
      case "Tag":
        guard let key = condition["Key"]?.text, let value = condition["Value"]?.text else { return nil }
        tags[key] = value
      case "ObjectSizeGreaterThan": largerThan = Int(condition.text)
      case "ObjectSizeLessThan": smallerThan = Int(condition.text)
      default: return nil
      }
    }
  }

  /// Several conditions stand in an `And`, one stands alone; none is a prefix of nothing.
  fileprivate var element: XMLElement {
    var conditions: [XMLElement] = []
    if let prefix { conditions.append(XMLElement("Prefix", prefix)) }
    conditions += tags.sorted { $0.key < $1.key }.map {
      XMLElement("Tag", [XMLElement("Key", $0.key), XMLElement("Value", $0.value)])
    }
    if let largerThan { conditions.append(XMLElement("ObjectSizeGreaterThan", largerThan)) }
    if let smallerThan { conditions.append(XMLElement("ObjectSizeLessThan", smallerThan)) }
    return switch conditions.count {
    case 0: XMLElement("Filter", [XMLElement("Prefix")])
    case 1: XMLElement("Filter", conditions)
    default: XMLElement("Filter", [XMLElement("And", conditions)])
    }
  }
}

extension XMLElement {
  fileprivate init(_ name: String, _ number: Int) { self.init(name, String(number)) }

  fileprivate func number(_ name: String) -> Int? { self[name].flatMap { Int($0.text) } }

  /// The number in the only child.
  fileprivate func onlyNumber(_ name: String) -> Int? { children.count == 1 ? number(name) : nil }
}
