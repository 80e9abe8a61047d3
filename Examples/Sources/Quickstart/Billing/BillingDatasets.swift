import TokyoData

/// The tables of a small billing system: three with days, two that describe.
struct BillingDatasets {
  let customers: Dataset
  let products: Dataset
  let invoices: Dataset
  let items: Dataset
  let payments: Dataset

  /// The datasets whose days move from hot to cold.
  var dated: [Dataset] { [invoices, items, payments] }
  /// The datasets that stay in hot.
  var undated: [Dataset] { [customers, products] }

  init() throws {
    customers = try Dataset(
      DatasetName("customers"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("name", .string, isNullable: false),
        ColumnField("country", .string), ColumnField("signed_up_on", .date, isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: nil)
    products = try Dataset(
      DatasetName("products"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("name", .string, isNullable: false),
        ColumnField("category", .string, isNullable: false),
        ColumnField("list_price", .decimal(precision: 12, scale: 2), isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: nil)
    invoices = try Dataset(
      DatasetName("invoices"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("customer_id", .int64, isNullable: false),
        ColumnField("status", .string, isNullable: false),
        ColumnField("currency", .string, isNullable: false),
        ColumnField("channel", .string, isNullable: false), ColumnField("terms", .string),
        ColumnField("region", .string, isNullable: false),
        ColumnField("legal_entity", .string, isNullable: false),
        ColumnField("total", .decimal(precision: 12, scale: 2), isNullable: false),
        ColumnField("issued_at", .timestamp, isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: "issued_at")
    items = try Dataset(
      DatasetName("invoice_items"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("invoice_id", .int64, isNullable: false),
        ColumnField("product_id", .int64, isNullable: false), ColumnField("plan", .string, isNullable: false),
        ColumnField("unit", .string, isNullable: false), ColumnField("quantity", .int32, isNullable: false),
        ColumnField("unit_price", .decimal(precision: 12, scale: 2), isNullable: false),
        ColumnField("discount", .decimal(precision: 12, scale: 2)),
        ColumnField("amount", .decimal(precision: 12, scale: 2), isNullable: false),
        ColumnField("tax_code", .string, isNullable: false),
        ColumnField("issued_at", .timestamp, isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: "issued_at")
    payments = try Dataset(
      DatasetName("payments"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("invoice_id", .int64, isNullable: false),
        ColumnField("customer_id", .int64, isNullable: false),
        ColumnField("method", .string, isNullable: false),
        ColumnField("processor", .string, isNullable: false),
        ColumnField("currency", .string, isNullable: false),
        ColumnField("outcome", .string, isNullable: false),
        ColumnField("legal_entity", .string, isNullable: false),
        ColumnField("settlement_bank", .string, isNullable: false),
        ColumnField("amount", .decimal(precision: 12, scale: 2), isNullable: false),
        ColumnField("paid_at", .timestamp, isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: "paid_at")
  }
}
