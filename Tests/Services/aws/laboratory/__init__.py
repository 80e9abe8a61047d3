"""A local AWS that really runs SQL: S3, Glue, STS, CloudWatch and an Athena that executes."""
