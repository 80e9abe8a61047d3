import TokyoDataAWS

// Nothing connects before its first use.
let session = try AWSSession(AWSConfiguration(region: "eu-central-1"))
let objects = try S3ObjectStore(bucket: "acme-lake", session: session)
print("TokyoDataAWS can be used alone: \(objects.name)", try ObjectKey("a/b"))
