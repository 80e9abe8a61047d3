import TokyoDataParquet

print("TokyoDataParquet can be used alone")
