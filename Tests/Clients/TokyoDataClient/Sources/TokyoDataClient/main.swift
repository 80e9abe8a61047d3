import TokyoData

print("TokyoData can be used alone")
