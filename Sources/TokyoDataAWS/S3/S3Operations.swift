extension AWSOperation {
  static let getObject = AWSOperation(.s3, "GetObject")
  static let headObject = AWSOperation(.s3, "HeadObject")
  /// With `If-None-Match` a second try that finds the first one's object is refused.
  static let putObject = AWSOperation(.s3, "PutObject", .recognized)
  static let copyObject = AWSOperation(.s3, "CopyObject", .recognized)
  static let deleteObject = AWSOperation(.s3, "DeleteObject")
  static let deleteObjects = AWSOperation(.s3, "DeleteObjects")
  static let listObjects = AWSOperation(.s3, "ListObjectsV2")
  /// Each try that is carried out begins an upload, and one whose answer was lost would stay: `S3Client`
  /// looks for it before it tries again.
  static let createMultipartUpload = AWSOperation(.s3, "CreateMultipartUpload", .never)
  static let uploadPart = AWSOperation(.s3, "UploadPart")
  static let uploadPartCopy = AWSOperation(.s3, "UploadPartCopy")
  static let completeMultipartUpload = AWSOperation(.s3, "CompleteMultipartUpload", .recognized)
  static let abortMultipartUpload = AWSOperation(.s3, "AbortMultipartUpload")
  static let listMultipartUploads = AWSOperation(.s3, "ListMultipartUploads")
  static let listParts = AWSOperation(.s3, "ListParts")
  static let headBucket = AWSOperation(.s3, "HeadBucket")
  static let createBucket = AWSOperation(.s3, "CreateBucket", .recognized)
  static let getBucketLifecycle = AWSOperation(.s3, "GetBucketLifecycleConfiguration")
  static let putBucketLifecycle = AWSOperation(.s3, "PutBucketLifecycleConfiguration")
  static let deleteBucketLifecycle = AWSOperation(.s3, "DeleteBucketLifecycle")
  static let getPublicAccessBlock = AWSOperation(.s3, "GetPublicAccessBlock")
  static let putPublicAccessBlock = AWSOperation(.s3, "PutPublicAccessBlock")
  static let getBucketEncryption = AWSOperation(.s3, "GetBucketEncryption")
  static let putBucketEncryption = AWSOperation(.s3, "PutBucketEncryption")
  static let getBucketVersioning = AWSOperation(.s3, "GetBucketVersioning")
  static let putBucketVersioning = AWSOperation(.s3, "PutBucketVersioning")

  /// What we call of S3.
  static let s3: [AWSOperation] = [
    getObject, headObject, putObject, copyObject, deleteObject, deleteObjects, listObjects,
    createMultipartUpload, uploadPart, uploadPartCopy, completeMultipartUpload, abortMultipartUpload,
    listMultipartUploads, listParts, headBucket, createBucket, getBucketLifecycle, putBucketLifecycle,
    deleteBucketLifecycle, getPublicAccessBlock, putPublicAccessBlock, getBucketEncryption,
    putBucketEncryption, getBucketVersioning, putBucketVersioning,
  ]
}
