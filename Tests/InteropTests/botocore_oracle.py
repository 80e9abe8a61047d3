"""Answers, with botocore, the questions of Swift tests: one JSON document for each line of the input.

A line asks for a signature or for an endpoint; the answer comes on a line of its own, in the same order.
"""

import base64
import datetime
import gzip
import json
import os
import sys
import types

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError


def signature(question):
    """The canonical request, the string to sign and the signature of a request."""
    now = datetime.datetime.strptime(question["time"], "%Y%m%dT%H%M%SZ")
    botocore.auth.get_current_datetime = lambda: now
    url = question["origin"] + question["path"]
    if question["query"]:
        url += "?" + question["query"]
    body = base64.b64decode(question["body"])
    request = AWSRequest(method=question["method"], url=url, data=body or None)
    for name, value in question["headers"]:
        request.headers.add_header(name, value)
    if question["payload"] == "unsigned":
        config = types.SimpleNamespace(s3={"payload_signing_enabled": False})
        request.context["client_config"] = config
    elif question["payload"] == "trailer":
        request.context["checksum"] = {"request_algorithm": {"in": "trailer"}}
    keys = Credentials(question["key"], question["secret"], question["token"])
    place = (keys, question["service"], question["region"])
    is_s3 = question["service"] == "s3"
    if question["seconds"] is None:
        kind = botocore.auth.S3SigV4Auth if is_s3 else botocore.auth.SigV4Auth
        signer = kind(*place)
    else:
        kind = botocore.auth.S3SigV4QueryAuth if is_s3 else botocore.auth.SigV4QueryAuth
        signer = kind(*place, expires=question["seconds"])
    kept = {}

    def keep(name, make):
        def made(*arguments):
            kept[name] = make(*arguments)
            return kept[name]

        setattr(signer, name, made)

    for name in ("canonical_request", "string_to_sign", "signature"):
        keep(name, getattr(signer, name))
    signer.add_auth(request)
    return kept


def providers():
    """The rules of a service, read when they are first asked for."""
    data = os.path.join(os.path.dirname(botocore.__file__), "data")
    with open(os.path.join(data, "partitions.json")) as file:
        partitions = json.load(file)
    known = {}

    def provider(service):
        if service not in known:
            version = max(os.listdir(os.path.join(data, service)))
            path = os.path.join(data, service, version, "endpoint-rule-set-1.json")
            opener, path = (gzip.open, path + ".gz") if os.path.exists(path + ".gz") else (open, path)
            with opener(path) as file:
                known[service] = EndpointProvider(json.load(file), partitions)
        return known[service]

    return provider


def endpoint(question, provider):
    """The URL of an endpoint, or why there is none."""
    parameters = {name: value for name, value in question["parameters"].items() if value is not None}
    try:
        return {"url": provider(question["service"]).resolve_endpoint(**parameters).url}
    except EndpointProviderError as error:
        return {"error": str(error)}


def main():
    provider = providers()
    for line in sys.stdin:
        question = json.loads(line)
        answer = signature(question) if "secret" in question else endpoint(question, provider)
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
