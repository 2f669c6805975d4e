"""Passwords and ciphers: derived passwords, AES, bcrypt.

Source: Sprig v2.22.0 and v3.3.0, crypto.go.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

from kalypso.golang.base_decoding import DecodeError, base64_bytes
from kalypso.golang.bytestrings import from_bytes, to_bytes
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.template.functions import Function, Outsiders, per_text
from kalypso.template.sprig.crypto_extra import SLOW, not_available

_SEED: Final = b"com.lyndir.masterpassword"
_TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "maximum": ("anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"),
    "long": (
        *("CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno"),
        *("CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno"),
        *("CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno"),
        *("CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno"),
        *("CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno"),
        *("CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno"),
        *("CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno"),
    ),
    "medium": ("CvcnoCvc", "CvcCvcno"),
    "short": ("Cvcn",),
    "basic": ("aaanaaan", "aannaaan", "aaannaaa"),
    "pin": ("nnnn",),
}
_CONSONANTS: Final = "bcdfghjklmnpqrstvwxyz"
_LETTERS: Final = f"AEIOUaeiou{_CONSONANTS.upper()}{_CONSONANTS}"
_CHARACTERS: Final[Mapping[str, str]] = {
    "V": "AEIOU",
    "C": _CONSONANTS.upper(),
    "v": "aeiou",
    "c": _CONSONANTS,
    "A": "AEIOU" + _CONSONANTS.upper(),
    "a": _LETTERS,
    "n": "0123456789",
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": _LETTERS + "0123456789!@#$%^&*()",
}
_BLOCK: Final = 16
_KEY_LENGTH: Final = 32
_MAX_UINT32: Final = (1 << 32) - 1
_LONGEST_BCRYPT: Final = 72
_SCRYPT_MEMORY: Final = 64 << 20


def derive_password(counter: int, kind: str, password: str, user: str, site: str) -> str:
    """Derive a site's password from a master password, always the same one."""
    if not 0 <= counter <= _MAX_UINT32:
        raise FunctionError(f"expected unsigned integer; found {counter}")
    templates = _TEMPLATES.get(kind)
    if templates is None:
        return f"cannot find password template {kind}"
    salt = _SEED + _with_length(user)
    key = hashlib.scrypt(
        to_bytes(password), salt=salt, n=32768, r=8, p=2, maxmem=_SCRYPT_MEMORY, dklen=64
    )
    message = _SEED + _with_length(site) + counter.to_bytes(4, "big")
    seed = hmac.digest(key, message, "sha256")
    template = templates[seed[0] % len(templates)]
    return "".join(
        _CHARACTERS[kind_of_char][byte % len(_CHARACTERS[kind_of_char])]
        for kind_of_char, byte in zip(template, seed[1:], strict=False)
    )


def _with_length(text: str) -> bytes:
    data = to_bytes(text)
    return len(data).to_bytes(4, "big") + data


def _cipher(password: str, start: bytes) -> Any:  # noqa: ANN401 - imported inside
    try:
        from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415 - an extra
            Cipher,
            algorithms,
            modes,
        )
    except ImportError:
        not_available()
    key = to_bytes(password)[:_KEY_LENGTH].ljust(_KEY_LENGTH, b"\0")
    return Cipher(algorithms.AES(key), modes.CBC(start))


def encrypt_aes(password: str, text: str) -> str:
    """Encrypt with AES-256 in CBC mode; the start value is random and comes first."""
    if not text:
        return ""
    start = secrets.token_bytes(_BLOCK)
    data = to_bytes(text)
    padding = _BLOCK - len(data) % _BLOCK
    encryptor = _cipher(password, start).encryptor()
    encrypted = encryptor.update(data + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(start + encrypted).decode()


def decrypt_aes(password: str, text: str) -> str:
    """Decrypt what ``encryptAES`` returned."""
    if not text:
        return ""
    try:
        data = base64_bytes(text)
    except DecodeError as error:
        raise FunctionError(str(error)) from None
    if len(data) < _BLOCK:
        capacity = len(text) // 4 * 3
        raise FunctionError(
            f"runtime error: slice bounds out of range [:{_BLOCK}] with capacity {capacity}"
        )
    if len(data) % _BLOCK:
        raise FunctionError("crypto/cipher: input not full blocks")
    decryptor = _cipher(password, data[:_BLOCK]).decryptor()
    plain = decryptor.update(data[_BLOCK:]) + decryptor.finalize()
    if not plain:
        raise FunctionError("runtime error: index out of range [-1]")
    end = len(plain) - plain[-1]
    if end < 0:
        raise FunctionError(f"runtime error: slice bounds out of range [:{end}]")
    return from_bytes(plain[:end])


def hash_bcrypt(text: str) -> str:
    """Return a salted bcrypt hash."""
    try:
        import bcrypt  # noqa: PLC0415 - an extra
    except ImportError:
        not_available()
    data = to_bytes(text)
    if len(data) > _LONGEST_BCRYPT:
        reason = "bcrypt: password length exceeds 72 bytes"
        return f"failed to encrypt string with bcrypt: {reason}"
    return bcrypt.hashpw(data, bcrypt.gensalt(rounds=10, prefix=b"2a")).decode()


def htpasswd(user: str, password: str) -> str:
    """Return a line of an htpasswd file."""
    if ":" in user:
        return f"invalid username: {user}"
    return f"{user}:{hash_bcrypt(password)}"


_TWO_TEXTS = (Kind.STRING, Kind.STRING)

FUNCTIONS: dict[str, Function] = {
    "derivePassword": Function((Kind.INT, *(Kind.STRING,) * 4), derive_password, price=SLOW),
    "encryptAES": Function(_TWO_TEXTS, encrypt_aes, repeats=False, cost=per_text(40)),
    "decryptAES": Function(_TWO_TEXTS, decrypt_aes, outsiders=Outsiders.DECODED, cost=per_text(40)),
}
FUNCTIONS_V3: dict[str, Function] = {
    "bcrypt": Function((Kind.STRING,), hash_bcrypt, price=SLOW, repeats=False),
    "htpasswd": Function(_TWO_TEXTS, htpasswd, price=SLOW, repeats=False),
}
