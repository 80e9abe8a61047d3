import TokyoDataTesting

let clock = ManualClock(Timestamp(microsecondsSince1970: 0))
clock.advance(by: .seconds(1))
print("TokyoDataTesting can be used alone: \(HotStoreConformance.cases.count) cases, \(clock.now.timestamp)")
