"""The group `aws`: objects, large and many, up and down, against an `rclone serve s3` of its own."""
