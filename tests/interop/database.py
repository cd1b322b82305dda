"""Turns the device's database into a plain one and back, with OpenSSL's primitives: the pages of SQLCipher 4.

    database.py decrypt <key, hexadecimal> <database> <plain database>
    database.py encrypt <key, hexadecimal> <plain database> <database>

A page is text ‖ start (16) ‖ HMAC-SHA512 over text, start and number. The file's first sixteen bytes are a salt, from which and the key the
key of the HMAC is derived; they stand in place of what every plain database begins with.
"""

import hashlib
import hmac
import os
import struct
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE_BYTES = 4096
SALT_BYTES = START_BYTES = 16
MAC_BYTES = 64
TEXT_BYTES = PAGE_BYTES - START_BYTES - MAC_BYTES
PLAIN_HEADER = b"SQLite format 3\0"
SALT_MASK = 0x3A
MAC_KEY_ROUNDS = 2


def mac_key(key: bytes, salt: bytes) -> bytes:
    masked = bytes(byte ^ SALT_MASK for byte in salt)
    return hashlib.pbkdf2_hmac("sha512", key, masked, MAC_KEY_ROUNDS, len(key))


def mac(key: bytes, authenticated: bytes, number: int) -> bytes:
    return hmac.digest(key, authenticated + struct.pack("<I", number), "sha512")


def pages(file: bytes):
    if not file or len(file) % PAGE_BYTES:
        sys.exit(f"{len(file)} bytes are no whole pages")
    for number, at in enumerate(range(0, len(file), PAGE_BYTES), start=1):
        yield number, file[at : at + PAGE_BYTES], SALT_BYTES if number == 1 else 0


def decrypt(key: bytes, file: bytes) -> bytes:
    checked, plain = mac_key(key, file[:SALT_BYTES]), []
    for number, page, skipped in pages(file):
        text, start, tag = page[skipped:TEXT_BYTES], page[TEXT_BYTES:-MAC_BYTES], page[-MAC_BYTES:]
        if not hmac.compare_digest(mac(checked, text + start, number), tag):
            sys.exit(f"page {number} is not what was written")
        cipher = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
        plain += [PLAIN_HEADER[:skipped], cipher.update(text) + cipher.finalize(), start + tag]
    return b"".join(plain)


def encrypt(key: bytes, file: bytes) -> bytes:
    salt, sealed = os.urandom(SALT_BYTES), []
    checked = mac_key(key, salt)
    for number, page, skipped in pages(file):
        start = os.urandom(START_BYTES)
        cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
        text = cipher.update(page[skipped:TEXT_BYTES]) + cipher.finalize()
        sealed += [salt[:skipped], text, start, mac(checked, text + start, number)]
    return b"".join(sealed)


def main(what: str, key: str, source: str, target: str) -> None:
    with open(source, "rb") as file:
        turned = {"decrypt": decrypt, "encrypt": encrypt}[what](bytes.fromhex(key), file.read())
    with open(target, "xb") as file:
        file.write(turned)


if __name__ == "__main__":
    main(*sys.argv[1:])
