@_exported public import TokyoDataCore
@_exported public import TokyoDataETL
@_exported public import TokyoDataLake
@_exported public import TokyoDataRouter

#if AWS
  @_exported public import TokyoDataAWS
#endif
#if Postgres
  @_exported public import TokyoDataPostgres
#endif
#if Redis
  @_exported public import TokyoDataRedis
#endif
