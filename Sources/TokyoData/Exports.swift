@_exported public import TokyoDataCore
@_exported public import TokyoDataETL
@_exported public import TokyoDataLake
@_exported public import TokyoDataRouter

#if Postgres
  @_exported public import TokyoDataPostgres
#endif
