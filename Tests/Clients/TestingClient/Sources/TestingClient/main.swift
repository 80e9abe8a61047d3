import TokyoDataTesting

print("TokyoDataTesting can be used alone")
