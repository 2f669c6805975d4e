"""Private keys and X.509 certificates, made by the library cryptography (an extra).

Source: Sprig v2.22.0 and v3.3.0, crypto.go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from kalypso.golang.base_decoding import DecodeError, base64_bytes
from kalypso.golang.fmt import sprint_v
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.values import Struct, Value, type_name
from kalypso.template.functions import Function
from kalypso.template.sprig.crypto_extra import SLOW, not_available

_RSA_BITS: Final = 2048
_RSA_BITS_OF_A_KEY: Final = 4096
_DSA_BITS: Final = 2048

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _needs_library(call: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn a missing library into an error that says which extra has it."""

    @wraps(call)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            import cryptography  # noqa: F401 - an extra
        except ImportError:
            not_available()
        return call(*args, **kwargs)

    return guarded


@_needs_library
def generate_private_key(kind: str) -> str:
    """Return a new private key in PEM form: ``rsa`` (the default), ``dsa`` or ``ecdsa``."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec

    key: Any
    match kind:
        case "" | "rsa":
            key = _rsa_key(_RSA_BITS_OF_A_KEY)
        case "dsa":
            key = dsa.generate_private_key(_DSA_BITS)
        case "ecdsa":
            key = ec.generate_private_key(ec.SECP256R1())
        case _:
            return f"Unknown type {kind}"
    return _pem(key)


def _rsa_key(bits: int = _RSA_BITS) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _pem(key: Any) -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    if isinstance(key, ed25519.Ed25519PrivateKey):
        traditional = serialization.PrivateFormat.PKCS8
    data: bytes = key.private_bytes(
        serialization.Encoding.PEM, traditional, serialization.NoEncryption()
    )
    return data.decode()


def _load_key(text: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    if "-----BEGIN" not in text:
        raise FunctionError("parsing private key: no PEM data in input")
    try:
        return serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise FunctionError(f"parsing private key: {error}") from None


def _load_certificate(text: str) -> Any:
    from cryptography import x509

    if "-----BEGIN" not in text:
        raise FunctionError("unable to decode certificate")
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError as error:
        raise FunctionError(f"error parsing certificate: {error}") from None


def _certificate(cert: str, key: str) -> Struct:
    return Struct({"Cert": cert, "Key": key}, "sprig.certificate")


@_needs_library
def build_custom_certificate(cert: str, key: str) -> Struct:
    """Check a certificate and its key, both in base64, and return them decoded."""
    try:
        cert_text = base64_bytes(cert).decode(errors="replace")
    except DecodeError:
        raise FunctionError("unable to decode base64 certificate") from None
    try:
        key_text = base64_bytes(key).decode(errors="replace")
    except DecodeError:
        raise FunctionError("unable to decode base64 private key") from None
    _load_certificate(cert_text)
    if "-----BEGIN" not in key_text:
        raise FunctionError("unable to decode key")
    _load_key(key_text)
    return _certificate(cert_text, key_text)


def _issue(
    name: str,
    days: int,
    key: Any,
    *,
    alternatives: list[Any],
    signer: tuple[Any, Any] | None,
) -> Struct:
    """Sign a certificate.

    Args:
        name: The common name.
        days: How long it is valid, from now on.
        key: Its private key.
        alternatives: Other names and addresses.
        signer: Certificate and key of the authority; none for one that signs itself.
    """
    from cryptography import x509

    builder = _builder(name, days, key, signer[0].subject if signer else None)
    if alternatives:
        names = x509.SubjectAlternativeName(alternatives)
        builder = builder.add_extension(names, critical=False)
    return _signed(builder, key, signer, authority=False)


def _builder(name: str, days: int, key: Any, issuer: Any) -> Any:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    try:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else [])
        now = datetime.now(UTC)
        end = now + timedelta(days=days)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or subject)
        builder = builder.public_key(key.public_key()).not_valid_before(now).not_valid_after(end)
    except (ValueError, OverflowError) as error:
        raise FunctionError(f"error creating certificate: {error}") from None
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    return builder.serial_number(x509.random_serial_number()).add_extension(
        x509.ExtendedKeyUsage(usages), critical=False
    )


def _signed(builder: Any, key: Any, signer: tuple[Any, Any] | None, *, authority: bool) -> Struct:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    usage = x509.KeyUsage(
        digital_signature=True,
        key_encipherment=True,
        key_cert_sign=authority,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    constraints = x509.BasicConstraints(ca=authority, path_length=None)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(constraints, critical=True)
    signing_key = signer[1] if signer else key
    if authority:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    algorithm = None if isinstance(signing_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    cert = builder.sign(signing_key, algorithm)
    return _certificate(cert.public_bytes(serialization.Encoding.PEM).decode(), _pem(key))


def _alternatives(addresses: list[Value], names: list[Value]) -> list[Any]:
    from ipaddress import ip_address

    from cryptography import x509

    found: list[Any] = []
    for name in names:
        if not isinstance(name, str):
            what = f"{sprint_v(name)} is not a string"
            raise FunctionError(f"error processing alternate dns name: {what}")
        found.append(x509.DNSName(name))
    for address in addresses:
        if not isinstance(address, str):
            raise FunctionError(f"error parsing ip: {sprint_v(address)} is not a string")
        try:
            found.append(x509.IPAddress(ip_address(address)))
        except ValueError:
            raise FunctionError(f"error parsing ip: {address}") from None
    return found


@_needs_library
def generate_authority(name: str, days: int, *key: str) -> Struct:
    """Return a certificate authority that signs itself, with a new key or the given one."""
    private = _load_key(key[0]) if key else _rsa_key()
    return _signed(_builder(name, days, private, None), private, None, authority=True)


@_needs_library
def generate_self_signed(
    name: str, addresses: list[Value], names: list[Value], days: int, *key: str
) -> Struct:
    """Return a certificate that signs itself, with a new key or the given one."""
    alternatives = _alternatives(addresses, names)
    private = _load_key(key[0]) if key else _rsa_key()
    return _issue(name, days, private, alternatives=alternatives, signer=None)


@_needs_library
def generate_signed(
    name: str, addresses: list[Value], names: list[Value], days: int, authority: Value, *key: str
) -> Struct:  # fmt: skip
    """Return a certificate signed by an authority, with a new key or the given one."""
    if not isinstance(authority, Struct) or authority.type_name != "sprig.certificate":
        raise FunctionError(
            f"wrong type for value; expected sprig.certificate; got {type_name(authority)}"
        )
    signer = _load_certificate(authority.fields["Cert"]), _load_key(authority.fields["Key"])
    alternatives = _alternatives(addresses, names)
    private = _load_key(key[0]) if key else _rsa_key()
    return _issue(name, days, private, alternatives=alternatives, signer=signer)


_SELF_SIGNED = (Kind.STRING, Kind.LIST, Kind.LIST, Kind.INT)

FUNCTIONS: dict[str, Function] = {
    "genPrivateKey": Function((Kind.STRING,), generate_private_key, price=SLOW, repeats=False),
    "buildCustomCert": Function((Kind.STRING, Kind.STRING), build_custom_certificate),
    "genCA": Function((Kind.STRING, Kind.INT), generate_authority, price=SLOW, repeats=False),
    "genSelfSignedCert": Function(_SELF_SIGNED, generate_self_signed, price=SLOW, repeats=False),
    "genSignedCert": Function(
        (*_SELF_SIGNED, Kind.ANY), generate_signed, price=SLOW, repeats=False
    ),
}
FUNCTIONS_V3: dict[str, Function] = {
    "genCAWithKey": Function(
        (Kind.STRING, Kind.INT, Kind.STRING), generate_authority, price=SLOW, repeats=False
    ),
    "genSelfSignedCertWithKey": Function(
        (*_SELF_SIGNED, Kind.STRING), generate_self_signed, price=SLOW, repeats=False
    ),
    "genSignedCertWithKey": Function(
        (*_SELF_SIGNED, Kind.ANY, Kind.STRING), generate_signed, price=SLOW, repeats=False
    ),
}
