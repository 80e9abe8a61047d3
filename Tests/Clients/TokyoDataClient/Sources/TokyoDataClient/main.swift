import TokyoData

let hot = InMemoryHotStore()
let router = Router(hot: hot, cold: InMemoryColdStore())
print("TokyoData can be used alone: \(try await hot.datasets().count) datasets")
