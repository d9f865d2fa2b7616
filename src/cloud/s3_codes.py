"""What S3 answers when it refuses, and what that is for a caller."""

#: Ours for each of theirs that stays, however often it is asked. Source: Amazon S3 API Reference, "Error
#: Responses"; Google Cloud Storage's XML interface uses the same.
FINAL = {
    "InvalidAccessKeyId": "wrong_credentials",
    "SignatureDoesNotMatch": "wrong_credentials",
    "InvalidToken": "wrong_credentials",
    "ExpiredToken": "wrong_credentials",
    "RequestTimeTooSkewed": "wrong_credentials",
    "NoSuchBucket": "missing_bucket",
    "AccessDenied": "no_rights",
    "AllAccessDisabled": "no_rights",
    "AccountProblem": "no_rights",
    "PermanentRedirect": "wrong_region",
    "AuthorizationHeaderMalformed": "wrong_region",
    "QuotaExceeded": "bucket_full",
}
