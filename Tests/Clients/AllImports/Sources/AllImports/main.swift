import Foundation
import HummingbirdCore
import Logging
import TokyoData

let logger = Logger(label: "AllImports")
let port = BindAddress.hostname("127.0.0.1", port: 0)
logger.info("TokyoData beside Foundation, swift-log and Hummingbird's core", metadata: ["address": "\(port)"])
print("AllImports compiles at \(Date(timeIntervalSince1970: 0))")
