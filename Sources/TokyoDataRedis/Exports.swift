@_exported public import TokyoDataCore
