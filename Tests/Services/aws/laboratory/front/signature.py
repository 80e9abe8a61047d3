"""Signature Version 4, checked by signing again with botocore what was received.

Everything goes into botocore's own signer as it came: the raw target, the signed headers, the payload's hash.
Whatever differs by one bit gives another signature.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from ..errors import ServiceError
from ..settings import Settings
from .credentials import CredentialBook, Identity
from .message import Request

ALLOWED_SKEW_SECONDS = 15 * 60
UNSIGNED = "UNSIGNED-PAYLOAD"
EMPTY_HASH = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Claim:
    """What a request says about its own signature."""

    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str
    expires: int | None = None


class _Verbatim:
    """Both signers below collapse blanks as the service does, and nothing else that Python calls a blank."""

    def _header_value(self, value: str) -> str:
        return re.sub(" +", " ", value.strip(" "))


class _ServiceAuth(_Verbatim, SigV4Auth):
    pass


class _StorageAuth(_Verbatim, S3SigV4Auth):
    pass


class SignatureCheck:
    """Decides whether a request was signed by credentials that the laboratory knows."""

    def __init__(self, settings: Settings, book: CredentialBook) -> None:
        self._settings = settings
        self._book = book

    def verify(self, request: Request, now: float) -> Claim:
        """The verified claim of a request; an error as the service words it otherwise."""
        claim = read_claim(request)
        identity = self._book.find(claim.access_key_id)
        if identity is None:
            raise _refused(claim, "InvalidAccessKeyId", "UnrecognizedClientException",
                           "The access key id is not known to the laboratory.")
        if claim.terminator != "aws4_request" or not claim.timestamp.startswith(claim.date):
            raise _mismatch(claim)
        payload_hash = _payload_hash(request, claim)
        if not hmac.compare_digest(_signature(request, claim, identity, payload_hash).encode(),
                                   claim.signature.encode("latin-1", "replace")):
            raise _mismatch(claim)
        self._check_content(request, claim, identity, payload_hash)
        self._check_time(claim, now)
        self._check_token(request, claim, identity, now)
        if claim.service == "s3" and claim.region != self._settings.region:
            raise ServiceError("AuthorizationHeaderMalformed",
                               f"the region '{claim.region}' is wrong; expecting '{self._settings.region}'",
                               Region=self._settings.region)
        return claim

    def _check_content(self, request: Request, claim: Claim, identity: Identity, payload_hash: str) -> None:
        if claim.service == "s3" and claim.expires is None:
            unsigned = [name for name, _ in request.headers
                        if name.lower().startswith("x-amz-") and name.lower() not in claim.signed_headers]
            if unsigned:
                raise ServiceError("AccessDenied", "There were headers present in the request which were "
                                   "not signed", 403, HeadersNotSigned=", ".join(sorted(unsigned)))
        if re.fullmatch("[0-9a-f]{64}", payload_hash) and payload_hash != request.body.sha256:
            # The service answers 400 here. We refuse harder: a changed body must look like a forged request.
            raise ServiceError("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does "
                               "not match what was computed.", 403)
        if payload_hash.startswith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"):
            _check_chunks(request, claim, identity)

    def _check_time(self, claim: Claim, now: float) -> None:
        signed_at = _parse_time(claim)
        if claim.expires is not None:
            if not signed_at - ALLOWED_SKEW_SECONDS <= now <= signed_at + claim.expires:
                raise ServiceError("AccessDenied", "Request has expired", 403)
        elif abs(now - signed_at) > ALLOWED_SKEW_SECONDS:
            raise _refused(claim, "RequestTimeTooSkewed", "InvalidSignatureException",
                           "The difference between the request time and the current time is too large.")

    def _check_token(self, request: Request, claim: Claim, identity: Identity, now: float) -> None:
        token = request.headers.get("x-amz-security-token") or request.query.get("X-Amz-Security-Token")
        if identity.token != token:
            raise _refused(claim, "InvalidToken", "UnrecognizedClientException",
                           "The security token included in the request is invalid.")
        if identity.expires_at is not None and now >= identity.expires_at:
            raise expired_token(claim.service)


def expired_token(service: str) -> ServiceError:
    """What each protocol says when temporary credentials have ended."""
    codes = {"s3": "ExpiredToken", "sts": "ExpiredToken"}
    return ServiceError(codes.get(service, "ExpiredTokenException"),
                        "The security token included in the request is expired", 400 if service == "s3" else 403)


def read_claim(request: Request) -> Claim:
    """The claim of a request, from its Authorization header or its query string."""
    header = request.headers.get("authorization")
    if header is None:
        return _read_query_claim(request)
    algorithm, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    scope = fields.get("Credential", "").rsplit("/", 4)
    if algorithm != "AWS4-HMAC-SHA256" or len(scope) != 5 or "Signature" not in fields:
        raise ServiceError("IncompleteSignature", "The Authorization header cannot be read.", 403)
    return Claim(*scope, tuple(fields.get("SignedHeaders", "").split(";")), fields["Signature"],
                 request.headers.text("x-amz-date"))


def _read_query_claim(request: Request) -> Claim:
    query = request.query
    scope = query.get("X-Amz-Credential", "").rsplit("/", 4)
    if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" or len(scope) != 5:
        raise ServiceError("MissingAuthenticationToken", "The request is not signed.", 403)
    expires = query.get("X-Amz-Expires", "")
    if not re.fullmatch("[0-9]{1,6}", expires):
        raise ServiceError("AuthorizationQueryParametersError", "X-Amz-Expires cannot be read.", 403)
    return Claim(*scope, tuple(query.get("X-Amz-SignedHeaders", "").split(";")),
                 query.get("X-Amz-Signature", ""), query.get("X-Amz-Date", ""), int(expires))


def _payload_hash(request: Request, claim: Claim) -> str:
    if claim.expires is not None:
        return UNSIGNED
    if claim.service == "s3":
        return request.headers.text("x-amz-content-sha256")
    return request.body.sha256


def _signature(request: Request, claim: Claim, identity: Identity, payload_hash: str) -> str:
    signer = (_StorageAuth if claim.service == "s3" else _ServiceAuth)(
        Credentials(identity.access_key_id, identity.secret_access_key), claim.service, claim.region)
    query = request.raw_query
    if claim.expires is not None:
        query = "&".join(part for part in query.split("&") if not part.startswith("X-Amz-Signature="))
    copy = AWSRequest(method=request.method, url=f"http://laboratory{request.path}?{query}")
    signed = HTTPHeaders()
    for name in claim.signed_headers:
        for value in request.headers.get_all(name):
            signed.add_header(name, value)
    canonical = "\n".join([
        request.method,
        request.path if claim.service == "s3" else signer._normalize_url_path(request.path),
        signer.canonical_query_string(copy),
        signer.canonical_headers(signed) + "\n",
        ";".join(claim.signed_headers),
        payload_hash,
    ])
    copy.context["timestamp"] = claim.timestamp
    return str(signer.signature(signer.string_to_sign(copy, canonical), copy))


def _check_chunks(request: Request, claim: Claim, identity: Identity) -> None:
    """The chain of chunk signatures that starts at the request's own signature."""
    key = f"AWS4{identity.secret_access_key}".encode()
    for part in (claim.date, claim.region, claim.service, claim.terminator):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    scope = "/".join((claim.date, claim.region, claim.service, claim.terminator))
    previous = claim.signature

    def link(kind: str, *digests: str) -> str:
        text = "\n".join((f"AWS4-HMAC-SHA256-{kind}", claim.timestamp, scope, previous, *digests))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    for chunk in request.body.chunks:
        if link("PAYLOAD", EMPTY_HASH, chunk.sha256) != chunk.signature:
            raise _mismatch(claim)
        previous = chunk.signature
    trailer = request.body.trailers.get("x-amz-trailer-signature")
    if request.headers.text("x-amz-content-sha256").endswith("-TRAILER"):
        if trailer != link("TRAILER", hashlib.sha256(request.body.trailer_text).hexdigest()):
            raise _mismatch(claim)


def _parse_time(claim: Claim) -> float:
    try:
        return datetime.strptime(claim.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _mismatch(claim) from None


def _mismatch(claim: Claim) -> ServiceError:
    return _refused(claim, "SignatureDoesNotMatch", "InvalidSignatureException", "The request signature we "
                    "calculated does not match the signature you provided.")


def _refused(claim: Claim, storage_code: str, service_code: str, message: str) -> ServiceError:
    storage_like = claim.service in ("s3", "sts", "monitoring")
    return ServiceError(storage_code if storage_like else service_code, message, 403)
