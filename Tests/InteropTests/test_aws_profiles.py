"""Recomputes what botocore makes of shared config files and of profiles.

`python test_aws_profiles.py --write` makes the cases of aws_profiles.json anew, from a fixed seed, with
botocore's answers; the Swift tests read the same file. No service is asked: a stand-in for STS and single
sign-on answers with an access key that spells the request and who signed it.
"""

import json
import os
import pathlib
import random
import shlex
import sys
from unittest import mock

import botocore.configloader
import botocore.credentials
import botocore.exceptions
import botocore.session
import pytest

FILE = pathlib.Path(__file__).with_name("aws_profiles.json")
FUTURE = "2099-01-01T00:00:00Z"


# What botocore says


def parsed(text, folder):
    """The sections of a file, or None where botocore refuses it."""
    path = folder / "file"
    path.write_bytes(text.encode("utf-8"))
    try:
        return botocore.configloader.raw_config_parse(str(path))
    except botocore.exceptions.ConfigParseError:
        return None


class StandIn:
    """A client of STS or of single sign-on whose keys say how they were asked for."""

    class exceptions:  # noqa: N801 - as boto3 names it
        class UnauthorizedException(Exception):  # noqa: N818
            pass

    def __init__(self, key):
        self.key = key

    def answer(self, arguments, kind, signer):
        session = arguments["RoleSessionName"]
        session = "*" if session.startswith("botocore-session-") else session
        key = "|".join(
            [
                kind,
                arguments["RoleArn"],
                session,
                arguments.get("ExternalId", ""),
                str(arguments.get("DurationSeconds", "")),
                signer,
            ]
        )
        return {
            "Credentials": {
                "AccessKeyId": key,
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": FUTURE,
            }
        }

    def assume_role(self, **arguments):
        return self.answer(arguments, "role", self.key)

    def assume_role_with_web_identity(self, **arguments):
        return self.answer(arguments, "web", arguments["WebIdentityToken"])

    def get_role_credentials(self, roleName, accountId, accessToken):  # noqa: N803
        return {
            "roleCredentials": {
                "accessKeyId": f"sso|{roleName}|{accountId}|{accessToken}",
                "secretAccessKey": "secret",
                "sessionToken": "token",
                "expiration": 4070908800000,
            }
        }


def resolved(case, home):
    """The keys that botocore finds: [id, secret, token]; "none" or "error" where it has none."""
    aws = home / ".aws"
    aws.mkdir(exist_ok=True)
    for name in ("config", "credentials"):
        if case[name] is None:
            (aws / name).unlink(missing_ok=True)
        else:
            (aws / name).write_text(case[name].replace("{home}", str(home)), encoding="utf-8")
    (home / "token").write_text("identity", encoding="utf-8")
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
    environment |= {name: value.replace("{home}", str(home)) for name, value in case["environment"].items()}

    def creator(session, region):
        return lambda service, **arguments: StandIn(arguments.get("aws_access_key_id"))

    cache = home / ".aws" / "sso" / "cache"
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(botocore.credentials, "_get_client_creator", creator),
        mock.patch.object(botocore.credentials.SSOProvider, "_SSO_TOKEN_CACHE_DIR", str(cache)),
        mock.patch.object(botocore.credentials.SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", str(cache)),
        mock.patch.object(botocore.session.Session, "create_client", lambda *_, **__: StandIn(None)),
    ):
        try:
            session = botocore.session.Session(profile=case["profile"])
            session.get_scoped_config()
            credentials = botocore.credentials.create_credential_resolver(session).load_credentials()
            if credentials is None:
                return "none"
            frozen = credentials.get_frozen_credentials()
            return [frozen.access_key, frozen.secret_key, frozen.token]
        except (botocore.exceptions.BotoCoreError, ValueError, OSError):
            return "error"


# The cases


def files(dice):
    """Texts of every shape that lines can have; many are refused."""
    shapes = [
        "[default]", "[profile a b]", '[profile "a b"]', "[x] ; y", "[]", "[z", " [indented]", "[[q]]",
        "key = value", "key=value", "key: value", "Key = Value", "key =", "=value", "a = b = c", "a : b = c",
        "  more", "   s = t", "\tdeep = yes", "  no mark", "", "   ", "# note", "  ; note", "k = v # kept",
        "k = v ; kept", "s3 =", "  endpoint_url = http://localhost:1", "  region=x", "  # note", "u = é",
        "    deeper = still", "b = [x]", "trail = x   ", "word", "rem: x", "q = \"x\"",
    ]  # fmt: skip
    texts = [
        "", "\n\n", "[a]", "[a]\nk = v", "k = v\n[a]", "[a]\r\nk = v\r\n  w\r\n", "[a]\rk = v\r  w",
        "[a]\n  k = v\n  w = x\n    more\n  y = z", "[a]\n  k = v\nw = x\n y", "[a]\nk = v\n\n\n  w\n\n",
        "[a]\n  k =\n    b = c\n  w = x", "[a]\nk =\n\n  b = c\n\n  d = e",
    ]  # fmt: skip
    for _ in range(120):
        head = dice.choice(["[default]\n", "[default]\n", "[s]\n", ""])
        lines = [dice.choice(shapes) for _ in range(dice.randint(0, 4))]
        numbered = [line.replace("k", f"k{index}", 1) if dice.random() < 0.7 else line
                    for index, line in enumerate(lines)]  # fmt: skip
        texts.append(head + dice.choice(["\n", "\n", "\r\n"]).join(numbered) + dice.choice(["", "\n"]))
    return texts


def words(line):
    try:
        return shlex.split(line)
    except ValueError:
        return None


def lines(dice):
    """Command lines with every kind of quoting."""
    pieces = ["a", "b c", " ", "  ", "'", '"', "\\", '\\"', "\\'", "$x", "#", "''", '""', "\t", "é", "|;&"]
    texts = ["", "\\", '"\\', "a\\ b", '"a\\ b"', "'a\\'b", '"a\\\\"', "a''b", "'' x"]
    texts += ["".join(dice.choices(pieces, k=dice.randint(1, 9))) for _ in range(200)]
    return list(dict.fromkeys(texts))


def pairs(dice, names):
    """Keys of a profile, some of them only in part."""
    keys = {}
    kinds = [
        *["keys"] * 6, *["role"] * 9, *["web"] * 2, *["sso"] * 2, "legacy", *["process"] * 2, "token",
        dice.choice(["half", "both", "nothing"]),
    ]  # fmt: skip
    for kind in dice.sample(kinds, dice.choice([1, 1, 1, 1, 2, 2, 3])):
        tag = dice.randint(0, 99)
        match kind:
            case "keys":
                keys |= {"aws_access_key_id": f"id{tag}", "aws_secret_access_key": f"secret{tag}"}
            case "half":
                keys |= {dice.choice(["aws_access_key_id", "aws_secret_access_key"]): f"half{tag}"}
            case "token":
                keys |= {dice.choice(["aws_session_token", "aws_security_token"]): f"token{tag}"}
            case "role" | "both":
                keys["role_arn"] = f"arn:aws:iam::1:role/r{tag}"
                if kind == "both" or dice.random() < 0.9:
                    keys["source_profile"] = dice.choice([*names, "base", "base", "base"])
                if kind == "both" or "source_profile" not in keys:
                    keys["credential_source"] = dice.choice(["Environment", "Nowhere", "Ec2InstanceMetadata"])
                if dice.random() < 0.4:
                    keys["external_id"] = f"external{tag}"
                if dice.random() < 0.4:
                    keys["role_session_name"] = f"session{tag}"
                if dice.random() < 0.4:
                    keys["duration_seconds"] = str(900 + tag)
            case "web":
                keys["web_identity_token_file"] = "{home}/token"
                if dice.random() < 0.8:
                    keys["role_arn"] = f"arn:aws:iam::1:role/w{tag}"
            case "sso":
                keys |= {"sso_session": dice.choice(["s", "s", "missing"]), "sso_account_id": f"{tag}",
                         "sso_role_name": f"role{tag}"}  # fmt: skip
                if dice.random() < 0.2:
                    del keys[dice.choice(["sso_account_id", "sso_role_name"])]
                if dice.random() < 0.2:
                    keys["sso_region"] = dice.choice(["us-east-1", "eu-west-1"])
            case "legacy":
                keys |= {
                    "sso_start_url": dice.choice(["https://one", "https://other"]), "sso_region": "us-east-1",
                    "sso_account_id": f"{tag}", "sso_role_name": f"r{tag}",
                }  # fmt: skip
                if dice.random() < 0.2:
                    del keys[dice.choice(["sso_start_url", "sso_region"])]
            case "process":
                document = {"Version": dice.choice([1, 1, 1, 2]), "AccessKeyId": f"process{tag}",
                            "SecretAccessKey": "s"}  # fmt: skip
                if dice.random() < 0.3:
                    document["SessionToken"] = "t t"
                keys["credential_process"] = f"echo '{json.dumps(document)}'"
                if dice.random() < 0.1:
                    wrong = ["false", "echo 'open", "/nowhere/at-all", "echo {}"]
                    keys["credential_process"] = dice.choice(wrong)
    return keys


def section(name, keys):
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()) + "\n"


def case(dice):
    names = ["default", "a", "b", "c"]
    config = credentials = None
    if dice.random() < 0.9:
        config = section("sso-session s", {"sso_start_url": "https://start", "sso_region": "us-east-1"})
        config += section("profile base", {"aws_access_key_id": "base", "aws_secret_access_key": "s"})
        for name in names:
            if dice.random() < 0.8:
                config += section(name if name == "default" else f"profile {name}", pairs(dice, names))
    if dice.random() < 0.6:
        credentials = "".join(
            section(name, pairs(dice, names) if dice.random() < 0.4 else
                    {"aws_access_key_id": f"shared-{name}", "aws_secret_access_key": "s"})  # fmt: skip
            for name in names if dice.random() < 0.4
        )
    environment = {}
    if dice.random() < 0.2:
        environment["AWS_ACCESS_KEY_ID"] = "environment"
    if "AWS_ACCESS_KEY_ID" in environment and dice.random() < 0.8 or dice.random() < 0.05:
        environment["AWS_SECRET_ACCESS_KEY"] = "e"
    if dice.random() < 0.1:
        environment["AWS_SESSION_TOKEN"] = "session"
    if dice.random() < 0.15:
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "{home}/token"
    if dice.random() < 0.15:
        environment["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/environment"
    if dice.random() < 0.4:
        variable = dice.choice(["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
        environment[variable] = dice.choice([*names, *names, "missing"])
    profile = dice.choice([None, None, *names, "missing" if dice.random() < 0.3 else "a"])
    return {"environment": environment, "config": config, "credentials": credentials, "profile": profile}


def tokens(home):
    """What `aws sso login` leaves: a token of the session `s`, and one of the older form for https://one."""
    import hashlib

    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    for name in ("s", "https://one"):
        digest = hashlib.sha1(name.encode()).hexdigest()
        token = {"accessToken": f"token-of-{len(name)}", "expiresAt": FUTURE, "startUrl": name}
        (cache / f"{digest}.json").write_text(json.dumps(token), encoding="utf-8")
    return home


# The tests


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tokens(tmp_path_factory.mktemp("home"))


NOTHING = {"files": [], "profiles": [], "lines": []}
VECTORS = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else NOTHING


def test_the_files_are_what_botocore_reads(home):
    assert VECTORS["files"]
    for vector in VECTORS["files"]:
        assert parsed(vector["text"], home) == vector["sections"], vector


def test_the_lines_are_the_words_of_a_shell():
    assert VECTORS["lines"]
    for vector in VECTORS["lines"]:
        assert words(vector["text"]) == vector["words"], vector


def test_the_profiles_lead_to_the_keys_that_botocore_finds(home):
    assert VECTORS["profiles"]
    for vector in VECTORS["profiles"]:
        assert resolved(vector, home) == vector["keys"], vector


def write(home):
    dice = random.Random(6)
    texts = list(dict.fromkeys(files(dice)))
    result = {
        "files": [{"text": text, "sections": parsed(text, home)} for text in texts],
        "profiles": [],
        "lines": [{"text": text, "words": words(text)} for text in lines(random.Random(6))],
    }
    for _ in range(300):
        made = case(dice)
        result["profiles"].append(made | {"keys": resolved(made, home)})
    blocks = {name: ",\n".join(json.dumps(vector) for vector in vectors) for name, vectors in result.items()}
    FILE.write_text(
        "{" + ",\n".join(f'"{name}": [\n{text}\n]' for name, text in blocks.items()) + "}\n", encoding="utf-8"
    )
    refused = sum(vector["sections"] is None for vector in result["files"])
    print(f"{len(result['files'])} files, {refused} of them refused")
    outcomes = {}
    for vector in result["profiles"]:
        keys = vector["keys"]
        kind = keys if isinstance(keys, str) else keys[0].split("|")[0].rstrip("0123456789")
        outcomes[kind] = outcomes.get(kind, 0) + 1
    print(outcomes)


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write(tokens(pathlib.Path(folder)))
