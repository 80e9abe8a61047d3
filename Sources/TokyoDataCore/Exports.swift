@_exported public import TokyoDataColumns
