import TokyoDataPostgres

print("TokyoDataPostgres can be used alone")
