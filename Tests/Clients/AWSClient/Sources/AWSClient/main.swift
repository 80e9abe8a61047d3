import TokyoDataAWS

// Nothing connects before its first use.
let objects = try S3ObjectStore(bucket: "acme-lake", session: try AWSSession())
print("TokyoDataAWS can be used alone: \(objects.name)", try ObjectKey("a/b"))
