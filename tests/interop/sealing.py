"""The sealed formats a second time: reads and writes every one of them, from the description of the bytes alone.

Nothing here is shared with the Rust crates, so that a mistake has to be made twice to go unnoticed. `Refused` is the one
way in which bytes are not accepted; any other exception is a mistake in this file.
"""

import hashlib
import hmac as hmac_module
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey
from pyhpke.exceptions import PyHPKEError

SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
ENVELOPE_BYTES_MAX = 1024 * 1024
FIELD_PRIME = 2**255 - 19
# The heights of the eight points of small order on edwards25519: orders 4, 1, 2, and 8 twice.
ORDER_8_Y = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SMALL_ORDER_Y = {0, 1, FIELD_PRIME - 1, ORDER_8_Y, FIELD_PRIME - ORDER_8_Y}


class Refused(Exception):
    """The bytes are not acceptable."""


def need(holds: bool, why: str) -> None:
    if not holds:
        raise Refused(why)


# ---- words ----------------------------------------------------------------------------------------------------------


def lbl(text: str) -> bytes:
    encoded = text.encode("ascii")
    return bytes([len(encoded)]) + encoded


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def tagged(label: str, *parts: bytes) -> bytes:
    return sha256(lbl("doorstep/1/" + label) + b"".join(struct.pack(">Q", len(p)) + p for p in parts))


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt or bytes(32), info=info).derive(ikm)


def hmac(key: bytes, data: bytes) -> bytes:
    return hmac_module.new(key, data, hashlib.sha256).digest()


def key_commitment(key: bytes) -> bytes:
    return tagged("key-com", key)


# ---- signatures -----------------------------------------------------------------------------------------------------


def sign_public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, label: str, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(lbl(label) + message)


def verify(public: bytes, label: str, message: bytes, signature: bytes) -> None:
    y = (int.from_bytes(public, "little") & (2**255 - 1)) % FIELD_PRIME
    need(y not in SMALL_ORDER_Y, "weak key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, lbl(label) + message)
    except (InvalidSignature, ValueError) as error:
        raise Refused("signature") from error


# ---- the committing seal --------------------------------------------------------------------------------------------


def one_time(key: bytes, label: str, header: bytes, salt: bytes) -> tuple[bytes, bytes]:
    okm = hkdf(key, salt, lbl("doorstep/1/" + label) + sha256(header), 64)
    return okm[:32], okm[32:]


def committed_seal(key: bytes, label: str, header: bytes, front: bytes, plaintext: bytes, random32: bytes) -> bytes:
    hedge = hkdf(key, b"", lbl("doorstep/1/hedge"), 32)
    salt = hmac(hedge, random32 + sha256(header) + sha256(plaintext))
    cipher_key, commitment = one_time(key, label, header, salt)
    aad = front + salt + commitment
    return aad + ChaCha20Poly1305(cipher_key).encrypt(bytes(12), plaintext, aad)


def committed_open(key: bytes, label: str, header: bytes, sealed: bytes, front_bytes: int) -> bytes:
    need(len(sealed) >= front_bytes + 80, "length")
    salt = sealed[front_bytes : front_bytes + 32]
    commitment = sealed[front_bytes + 32 : front_bytes + 64]
    cipher_key, expected = one_time(key, label, header, salt)
    need(hmac_module.compare_digest(commitment, expected), "commitment")
    try:
        aad = sealed[: front_bytes + 64]
        return ChaCha20Poly1305(cipher_key).decrypt(bytes(12), sealed[front_bytes + 64 :], aad)
    except InvalidTag as error:
        raise Refused("aead") from error


# ---- seals to a public key ------------------------------------------------------------------------------------------


def private_key(secret: bytes) -> KEMKey:
    return KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(secret))


def kem_public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def public_seal(recipient: bytes, header: bytes, secret: bytes, random32: bytes, psk=b"", psk_id=b"") -> bytes:
    need(int.from_bytes(recipient, "little") < FIELD_PRIME, "recipient")
    ephemeral = SUITE.kem.derive_key_pair(random32)
    public = SUITE.kem.deserialize_public_key(recipient)
    info = lbl("doorstep/1/hpke") + header
    try:
        enc, context = SUITE.create_sender_context(public, info, psk=psk, psk_id=psk_id, eks=ephemeral)
        return enc + context.seal(secret)
    except (PyHPKEError, ValueError) as error:
        raise Refused("recipient") from error


def public_open(recipient_secret: bytes, header: bytes, sealed: bytes, psk=b"", psk_id=b"") -> bytes:
    info = lbl("doorstep/1/hpke") + header
    try:
        context = SUITE.create_recipient_context(
            sealed[:32], private_key(recipient_secret), info, psk=psk, psk_id=psk_id
        )
        return context.open(sealed[32:])
    except (PyHPKEError, ValueError) as error:
        raise Refused("hpke") from error


# ---- envelopes ------------------------------------------------------------------------------------------------------

HEADER = struct.Struct(">4sBBH16s16s16sI16sQ32sQ32s")


@dataclass(frozen=True)
class Header:
    kind: int
    flags: int
    partnership: bytes
    zone: bytes
    document: bytes
    epoch: int
    author: bytes
    zseq: int
    prev: bytes
    log_size: int
    log_head: bytes

    def to_bytes(self) -> bytes:
        return HEADER.pack(
            b"DSE1", 1, self.kind, self.flags, self.partnership, self.zone, self.document, self.epoch, self.author,
            self.zseq, self.prev, self.log_size, self.log_head,
        )  # fmt: skip

    @staticmethod
    def parse(data: bytes) -> "Header":
        magic, suite, *fields = HEADER.unpack(data[:156])
        need(magic == b"DSE1", "magic")
        need(suite == 1, "suite")
        header = Header(*fields)
        need(header.kind in (1, 2), "kind")
        need(header.flags in (0, 1), "flags")
        need(header.zseq > 0 and (header.zseq == 1) == (header.prev == bytes(32)), "counter")
        return header


def padme(length: int) -> int:
    if length <= 256:
        return 256
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def pad(data: bytes) -> bytes:
    padded = struct.pack(">I", len(data)) + data
    return padded + bytes(padme(len(padded)) - len(padded))


def unpad(padded: bytes) -> bytes:
    need(len(padded) >= 4, "padding")
    data = padded[4 : 4 + int.from_bytes(padded[:4], "big")]
    need(pad(data) == padded, "padding")
    return data


def document_key(zone_key: bytes, document: bytes, epoch: int) -> bytes:
    return hkdf(zone_key, b"", lbl("doorstep/1/doc") + document + struct.pack(">I", epoch), 32)


def envelope_id(unsigned: bytes) -> bytes:
    return sha256(lbl("doorstep/1/envelope-id") + unsigned)


def finish_envelope(key: bytes, front: bytes, header: Header, padded: bytes, seed: bytes, random32: bytes) -> bytes:
    unsigned = committed_seal(key, "envelope", header.to_bytes(), front, padded, random32)
    sealed = unsigned + sign(seed, "doorstep/1/sig/envelope", envelope_id(unsigned))
    need(len(sealed) <= ENVELOPE_BYTES_MAX, "length")
    return sealed


def seal_envelope(zone_key: bytes, header: Header, data: bytes, seed: bytes, random32: bytes) -> bytes:
    key = document_key(zone_key, header.document, header.epoch)
    return finish_envelope(key, header.to_bytes(), header, pad(data), seed, random32)


def seal_drop_box(zone_public: bytes, header: Header, data: bytes, seed: bytes, random: list[bytes]) -> bytes:
    fresh, ephemeral, random32 = random
    front = header.to_bytes() + public_seal(zone_public, header.to_bytes(), fresh, ephemeral)
    return finish_envelope(fresh, front, header, pad(data), seed, random32)


def read_envelope(sealed: bytes, author_public: bytes) -> tuple[Header, bytes]:
    """Form and signature; gives the header and the id."""
    need(300 + 256 <= len(sealed) <= ENVELOPE_BYTES_MAX, "length")
    header = Header.parse(sealed)
    need(len(sealed) >= 300 + 256 + 80 * header.flags, "length")
    identity = envelope_id(sealed[:-64])
    verify(author_public, "doorstep/1/sig/envelope", identity, sealed[-64:])
    return header, identity


def drop_box_secret(zone_key: bytes) -> bytes:
    """The zone's secret of the epoch, for whoever holds its key; serialised as RFC 9180 says: clamped."""
    pair = SUITE.kem.derive_key_pair(hkdf(zone_key, b"", lbl("doorstep/1/drop-box"), 32))
    secret = bytearray(pair.private_key.to_private_bytes())
    secret[0] &= 248
    secret[31] = secret[31] & 127 | 64
    return bytes(secret)


def open_envelope(sealed: bytes, header: Header, zone_key: bytes) -> bytes:
    need(header.flags == 0, "keying")
    key = document_key(zone_key, header.document, header.epoch)
    return unpad(committed_open(key, "envelope", header.to_bytes(), sealed[:-64], 156))


def open_drop_box(sealed: bytes, header: Header, zone_secret: bytes) -> bytes:
    need(header.flags == 1, "keying")
    fresh = public_open(zone_secret, header.to_bytes(), sealed[156:236])
    return unpad(committed_open(fresh, "envelope", header.to_bytes(), sealed[:-64], 236))


# ---- parts of a file ------------------------------------------------------------------------------------------------

PART_PLACE = struct.Struct(">4sBBH16sII")
PART_DATA_BYTES = 256 * 1024 - 4
FILE_PARTS_MAX = 32


def part_place(file: bytes, kind: int, index: int, count: int) -> bytes:
    need(1 <= count <= FILE_PARTS_MAX and index < count, "place")
    return PART_PLACE.pack(b"DSP1", 1, kind, 0, file, index, count)


def fits_part(length: int, index: int, count: int) -> bool:
    return length == PART_DATA_BYTES or (index + 1 == count and 0 < length < PART_DATA_BYTES)


def seal_part(key: bytes, place: tuple[bytes, int, int, int], data: bytes, random32: bytes) -> bytes:
    need(fits_part(len(data), *place[2:]), "length")
    return committed_seal(key, "part", part_place(*place), b"", pad(data), random32)


def open_part(key: bytes, place: tuple[bytes, int, int, int], sealed: bytes) -> bytes:
    need(256 + 80 <= len(sealed) <= 256 * 1024 + 80, "length")
    data = unpad(committed_open(key, "part", part_place(*place), sealed, 0))
    need(fits_part(len(data), *place[2:]), "length")
    return data


# ---- wraps ----------------------------------------------------------------------------------------------------------

KEY_WRAP = struct.Struct(">4sBBH16s16s16sII")
SEALED_WRAP = struct.Struct(">4sBBH16s16sI16s")


def key_wrap_header(purpose: int, partnership: bytes, parent: bytes, child: bytes, epochs: tuple[int, int]) -> bytes:
    return KEY_WRAP.pack(b"DSW1", 1, purpose, 0, partnership, parent, child, *epochs)


def sealed_wrap_header(purpose: int, partnership: bytes, subject: bytes, epoch: int, recipient: bytes) -> bytes:
    return SEALED_WRAP.pack(b"DSH1", 1, purpose, 0, partnership, subject, epoch, recipient)


def wrap(header: bytes, parent_key: bytes, child_key: bytes, random32: bytes) -> bytes:
    return committed_seal(parent_key, "wrap", header, header, child_key, random32)


def unwrap(wrapped: bytes, expected_header: bytes, parent_key: bytes, commitment: bytes) -> bytes:
    need(len(wrapped) == 176, "length")
    need(wrapped[:64] == expected_header, "slot")
    key = committed_open(parent_key, "wrap", expected_header, wrapped, 64)
    need(key_commitment(key) == commitment, "other key")
    return key


def _invite_mode(header: bytes, invite: bytes) -> dict[str, bytes]:
    return {"psk": invite, "psk_id": header[44:]} if header[5] == 3 else {}


def seal_to(header: bytes, recipient: bytes, key: bytes, random32: bytes, invite: bytes) -> bytes:
    return header + public_seal(recipient, header, key, random32, **_invite_mode(header, invite))


def open_sealed(sealed: bytes, expected_header: bytes, secret: bytes, commitment: bytes, invite: bytes) -> bytes:
    need(len(sealed) == 140, "length")
    need(sealed[:60] == expected_header, "slot")
    key = public_open(secret, expected_header, sealed[60:], **_invite_mode(expected_header, invite))
    need(key_commitment(key) == commitment, "other key")
    return key


# ---- locators, feeds, identities ------------------------------------------------------------------------------------


def locator(key: bytes, name: str, normalised_id: str) -> bytes:
    return hmac(key, lbl("doorstep/1/locator") + lbl(name) + lbl(normalised_id))[:16]


def feed_heads(envelopes: list[bytes]) -> list[bytes]:
    heads = [bytes(32)]
    for number, identity in enumerate(envelopes, 1):
        heads.append(sha256(lbl("doorstep/1/feed") + heads[-1] + struct.pack(">Q", number) + identity))
    return heads[1:]


def heads_digest(feeds: list[tuple[bytes, int, bytes]]) -> bytes:
    flat = b"".join(zone + struct.pack(">Q", number) + head for zone, number, head in sorted(feeds) if number > 0)
    return tagged("heads", flat)


def device_id(sign_key: bytes, kem_key: bytes) -> bytes:
    return tagged("device", sign_key, kem_key)[:16]


# ---- audit and invite -----------------------------------------------------------------------------------------------


def audit_mac(key: bytes, header: bytes, record: bytes) -> bytes:
    return hmac(key, lbl("doorstep/1/audit-mac") + sha256(header) + sha256(record))


def audit_evolve(key: bytes) -> bytes:
    return tagged("audit-evolve", key)


def invite_key(words: str, invite: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    return hkdf(passphrase_key(words, invite, memory_kib, passes, lanes), b"", lbl("doorstep/1/invite"), 32)


def invitation_mac(key: bytes, message: bytes) -> bytes:
    return hmac(key, lbl("doorstep/1/invite-invitation") + message)


def request_mac(key: bytes, message: bytes) -> bytes:
    return hmac(key, lbl("doorstep/1/invite-request") + message)


# ---- blobs of one device --------------------------------------------------------------------------------------------

LOCAL = struct.Struct(">4sBBHIII16s")


def passphrase_key(passphrase: str, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    need(8 * 1024 <= memory_kib <= 1024 * 1024 and 1 <= passes <= 32 and 1 <= lanes <= 16, "cost")
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(passphrase.encode())


def pin_key(pin: str, pepper: bytes, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    return hkdf(passphrase_key(pin, salt, memory_kib, passes, lanes), pepper, lbl("doorstep/1/pin"), 32)


def local_header(kdf: int, memory_kib: int = 0, passes: int = 0, lanes: int = 0, salt: bytes = bytes(16)) -> bytes:
    return LOCAL.pack(b"DSL1", 1, kdf, 0, memory_kib, passes, lanes, salt)


def seal_local(key: bytes, header: bytes, slot: str, data: bytes, random32: bytes) -> bytes:
    return committed_seal(key, "local", header + lbl(slot), header, data, random32)


def local_key_of(blob: bytes, key: bytes, passphrase: str | None, pepper: bytes | None = None) -> bytes:
    """Without a passphrase the key is kept; with a pepper the passphrase is a worker's PIN."""
    need(len(blob) >= 36, "length")
    magic, suite, kdf, reserved, memory_kib, passes, lanes, salt = LOCAL.unpack(blob[:36])
    need((magic, suite, reserved) == (b"DSL1", 1, 0), "form")
    need(kdf == (0 if passphrase is None else 1 if pepper is None else 2), "source")
    if passphrase is None:
        need(blob[:36] == local_header(0), "form")
        return key
    if pepper is not None:
        return pin_key(passphrase, pepper, salt, memory_kib, passes, lanes)
    return passphrase_key(passphrase, salt, memory_kib, passes, lanes)


def open_local(key: bytes, slot: str, blob: bytes) -> bytes:
    return committed_open(key, "local", blob[:36] + lbl(slot), blob, 36)


# ---- shares ---------------------------------------------------------------------------------------------------------


def gf_multiply(a: int, b: int) -> int:
    """In the field of 256 elements with x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x11D
        b >>= 1
    return product


def gf_inverse(a: int) -> int:
    result = 1
    for _ in range(254):
        result = gf_multiply(result, a)
    return result


def make_shares(secret: bytes, threshold: int, count: int, random_bytes) -> list[bytes]:
    polynomials = [bytes([byte]) + random_bytes(threshold - 1) for byte in secret]
    shares = []
    for number in range(1, count + 1):
        y = bytearray()
        for polynomial in polynomials:
            value = 0
            for coefficient in reversed(polynomial):
                value = gf_multiply(value, number) ^ coefficient
            y.append(value)
        checked = b"DSS1" + bytes([threshold, number, 0, 0]) + key_commitment(secret) + bytes(y)
        shares.append(checked + sha256(checked)[:4])
    return shares


def recover_secret(shares: list[bytes]) -> bytes:
    points = {}
    for share in shares:
        need(len(share) == 76 and share[:4] == b"DSS1" and share[6:8] == b"\0\0", "form")
        need(sha256(share[:72])[:4] == share[72:], "check")
        need(share[8:40] == shares[0][8:40] and share[4] == shares[0][4], "other secret")
        points[share[5]] = share[40:72]
    need(len(points) >= shares[0][4] >= 2, "too few")
    secret = bytearray(32)
    for number, y in points.items():
        weight = 1
        for other in points:
            if other != number:
                weight = gf_multiply(weight, gf_multiply(other, gf_inverse(other ^ number)))
        for at in range(32):
            secret[at] ^= gf_multiply(weight, y[at])
    need(key_commitment(bytes(secret)) == shares[0][8:40], "does not fit")
    return bytes(secret)
