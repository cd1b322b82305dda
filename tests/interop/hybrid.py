"""Suite 2 a second time: HPKE with X-Wing (ML-KEM-768 and X25519), HKDF-SHA256 and ChaCha20Poly1305, by hand."""

import hashlib
import hmac as hmac_module
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sealing import Refused, key_commitment, lbl, need

SUITE_ID = b"HPKE" + struct.pack(">HHH", 0x647A, 0x0001, 0x0003)
XWING_LABEL = b"\\.//^\\"


# ---- X-Wing ---------------------------------------------------------------------------------------------------------


def _expand(secret: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    seed = hashlib.shake_256(secret).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(seed[:64]), X25519PrivateKey.from_private_bytes(seed[64:])


def public_of(secret: bytes) -> bytes:
    lattice, curve = _expand(secret)
    return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def _combine(lattice_secret: bytes, curve_secret: bytes, curve_enc: bytes, curve_public: bytes) -> bytes:
    return hashlib.sha3_256(lattice_secret + curve_secret + curve_enc + curve_public + XWING_LABEL).digest()


def encapsulate(public: bytes, ephemeral: bytes) -> tuple[bytes, bytes]:
    """The shared secret and what carries it; ML-KEM draws its part from the system."""
    lattice_secret, lattice_enc = MLKEM768PublicKey.from_public_bytes(public[:1184]).encapsulate()
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    curve_enc = private.public_key().public_bytes_raw()
    curve_secret = private.exchange(X25519PublicKey.from_public_bytes(public[1184:]))
    return _combine(lattice_secret, curve_secret, curve_enc, public[1184:]), lattice_enc + curve_enc


def decapsulate(secret: bytes, enc: bytes) -> bytes:
    lattice, curve = _expand(secret)
    curve_secret = curve.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    return _combine(lattice.decapsulate(enc[:1088]), curve_secret, enc[1088:], curve.public_key().public_bytes_raw())


# ---- HPKE, base mode ------------------------------------------------------------------------------------------------


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac_module.new(salt or bytes(32), b"HPKE-v1" + SUITE_ID + label + material, hashlib.sha256).digest()


def _expand_label(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """One block is enough for a key and a nonce."""
    labelled = struct.pack(">H", length) + b"HPKE-v1" + SUITE_ID + label + info
    return hmac_module.new(key, labelled + b"\1", hashlib.sha256).digest()[:length]


def _cipher(shared: bytes, header: bytes) -> tuple[ChaCha20Poly1305, bytes]:
    info = lbl("doorstep/1/hpke") + header
    context = b"\0" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(shared, b"secret", b"")
    key = _expand_label(secret, b"key", context, 32)
    return ChaCha20Poly1305(key), _expand_label(secret, b"base_nonce", context, 12)


# ---- the wrap -------------------------------------------------------------------------------------------------------


def wrap_header(partnership: bytes, subject: bytes, epoch: int, recipient: bytes) -> bytes:
    return struct.pack(">4sBBH16s16sI16s", b"DSH1", 2, 2, 0, partnership, subject, epoch, recipient)


def seal_hybrid(header: bytes, recipient: bytes, key: bytes, ephemeral: bytes) -> bytes:
    shared, enc = encapsulate(recipient, ephemeral)
    cipher, nonce = _cipher(shared, header)
    return header + enc + cipher.encrypt(nonce, key, b"")


def open_hybrid(wrapped: bytes, expected_header: bytes, secret: bytes, commitment: bytes) -> bytes:
    need(len(wrapped) == 1228, "length")
    need(wrapped[:60] == expected_header, "slot")
    try:
        cipher, nonce = _cipher(decapsulate(secret, wrapped[60:1180]), expected_header)
        key = cipher.decrypt(nonce, wrapped[1180:], b"")
    except (InvalidTag, ValueError) as error:
        raise Refused("hpke") from error
    need(key_commitment(key) == commitment, "other key")
    return key


def golden_checks(figures: dict):
    """Names of the fixed figures of suite 2, each with what this implementation makes of it and what it must be."""
    figures = {name: bytes.fromhex(value) for name, value in figures.items() if name != "about"}
    secret, key = figures["escrow_secret"], figures["zone_key"]
    header = wrap_header(bytes([1] * 16), bytes([2] * 16), 3, bytes([4] * 16))
    yield "public key", public_of(secret), figures["escrow_public"]
    fresh = seal_hybrid(header, public_of(secret), key, bytes(range(32)))
    for name, wrapped in (("here", figures["made_here"]), ("there", figures["made_there"]), ("fresh", fresh)):
        yield f"wrap made {name}", open_hybrid(wrapped, header, secret, key_commitment(key)), key
        for at in (4, 5, 24, 60, 60 + 1088, 1180, 1227):
            changed = bytearray(wrapped)
            changed[at] ^= 1
            yield f"wrap made {name}, changed at {at}", _refused(bytes(changed), header, secret, key), True


def _refused(wrapped: bytes, header: bytes, secret: bytes, key: bytes) -> bool:
    try:
        open_hybrid(wrapped, header, secret, key_commitment(key))
    except Refused:
        return True
    return False
