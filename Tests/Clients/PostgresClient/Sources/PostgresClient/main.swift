import TokyoDataPostgres

// Nothing connects before its first use.
let hot = PostgresHotStore("host=127.0.0.1")
let statement: PostgresStatement = "SELECT \(Day(daysSince1970: 0)) AS day"
print("TokyoDataPostgres can be used alone: \(hot.name)", type(of: statement))
await hot.close()
