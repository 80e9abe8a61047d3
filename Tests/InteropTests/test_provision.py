"""`tokyo provision`, with boto3 as an outside witness of what it sets up."""

import uuid

import pytest


class Account:
    """Names that nobody has yet, and the command that sets them up."""

    def __init__(self, tokyo):
        name = uuid.uuid4().hex
        self.tokyo, self.laboratory = tokyo, tokyo.laboratory
        self.lake, self.results = f"lake-{name}", f"results-{name}"
        self.workgroup, self.database = f"reports-{name}", f"tokyo_{name}"

    @property
    def arguments(self) -> list[str]:
        return [
            "provision", "--lake", f"s3://{self.lake}/a lake/of ours/", "--results", f"s3://{self.results}/athena",
            "--athena", self.workgroup, "--database", self.database]  # fmt: skip

    def __call__(self, *more) -> dict:
        return self.tokyo(*self.arguments, *more)

    def rules(self, bucket: str) -> list[dict]:
        return self.laboratory.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]

    def has(self, bucket: str) -> bool:
        return bucket in [found["Name"] for found in self.laboratory.s3.list_buckets()["Buckets"]]

    def workgroup_configuration(self) -> dict:
        athena = self.laboratory.client("athena")
        return athena.get_work_group(WorkGroup=self.workgroup)["WorkGroup"]["Configuration"]


@pytest.fixture
def account(new_s3_tokyo) -> Account:
    return Account(new_s3_tokyo())


def test_a_dry_run_tells_and_changes_nothing(account):
    report = account("--dry-run")
    assert report["dryRun"] is True and report["conflicts"] == []
    assert {step["step"] for step in report["steps"]} >= {"createBucket", "setLifecycle", "createWorkgroup"}
    assert not account.has(account.lake) and not account.has(account.results)
    assert account("--dry-run")["steps"] == report["steps"]


def test_everything_is_set_up_once(account):
    wanted = account("--dry-run")["steps"]
    assert account()["steps"] == wanted
    s3, glue = account.laboratory.s3, account.laboratory.glue
    for bucket in account.lake, account.results:
        block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        assert len(block) == 4 and all(block.values())
        rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"

    [lake] = account.rules(account.lake)
    assert lake["Status"] == "Enabled" and lake["Filter"] == {"Prefix": "a lake/of ours/"}
    assert lake["Transitions"] == [{"Days": 90, "StorageClass": "GLACIER_IR"}]
    assert lake["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert not {"Expiration", "NoncurrentVersionExpiration"} & set(lake)
    [results] = account.rules(account.results)
    assert results["Filter"] == {"Prefix": "athena/"} and results["Expiration"] == {"Days": 30}
    assert "Transitions" not in results

    workgroup = account.workgroup_configuration()
    assert workgroup["EnforceWorkGroupConfiguration"] is True
    assert workgroup["BytesScannedCutoffPerQuery"] == 100_000_000_000
    assert workgroup["ResultConfiguration"]["OutputLocation"] == f"s3://{account.results}/athena/"
    assert glue.get_database(Name=account.database)["Database"]["Name"] == account.database
    assert account() == {"dryRun": False, "steps": [], "conflicts": []}
    assert "nothing to do" in account.tokyo.run(*account.arguments, json=False).output


def test_options_say_otherwise(account):
    account("--no-archive", "--result-days", 3, "--scan-limit", 10_000_000, "--kms-key", "alias/lake")
    [lake] = account.rules(account.lake)
    assert "Transitions" not in lake
    [results] = account.rules(account.results)
    assert results["Expiration"] == {"Days": 3}
    workgroup = account.workgroup_configuration()
    assert workgroup["BytesScannedCutoffPerQuery"] == 10_000_000
    assert workgroup["ResultConfiguration"]["EncryptionConfiguration"] == {
        "EncryptionOption": "SSE_KMS", "KmsKey": "alias/lake"}  # fmt: skip


def test_rules_of_others_are_kept_and_those_that_endanger_the_lake_named(account):
    account()
    theirs = [
        {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 9}},
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""},
         "Transitions": [{"Days": 400, "StorageClass": "DEEP_ARCHIVE"}]},
    ]  # fmt: skip
    account.laboratory.s3.put_bucket_lifecycle_configuration(
        Bucket=account.lake, LifecycleConfiguration={"Rules": theirs})
    finished = account.tokyo.run(*account.arguments)
    assert finished.status == 1
    report = finished.document
    assert [step["step"] for step in report["steps"]] == ["setLifecycle"]
    [conflict] = report["conflicts"]
    assert conflict["resource"] == account.lake and "old" in conflict["explanation"]
    assert "DEEP_ARCHIVE" in conflict["explanation"] and report["error"]["code"] == "conflict"
    assert {"logs", "old"} < {rule["ID"] for rule in account.rules(account.lake)}


def test_results_need_a_bucket_of_their_own(account):
    account.results = account.lake
    error = account.tokyo.fails(*account.arguments)
    assert error["code"] == "invalidArgument" and "a bucket of their own" in error["message"]
    assert not account.has(account.lake)


@pytest.mark.parametrize(
    "variable, option", [("TOKYO_RESULTS_URL", "--results"), ("TOKYO_ATHENA_WORKGROUP", "--athena")])
def test_what_is_missing_is_named(account, variable, option):
    arguments = account.arguments
    place = arguments.index(option)
    del arguments[place : place + 2]
    error = account.tokyo.fails(*arguments, status=64, environment={variable: ""})
    assert option in error["message"]


def test_a_lake_in_a_folder_is_not_for_provision(account, tmp_path):
    error = account.tokyo.fails(*account.arguments, "--lake", tmp_path)
    assert error["code"] == "invalidArgument"
