// The schemas, batches and values of this module's interface come from Columns.
@_exported public import TokyoDataColumns
