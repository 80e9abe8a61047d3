@_exported public import TokyoDataCore
@_exported public import TokyoDataLake
