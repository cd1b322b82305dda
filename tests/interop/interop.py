"""Trades cases with the Rust implementation, one JSON object a line with hexadecimal bytes.

    interop.py make <seed> <count>   writes `count` cases of every format
    interop.py read <count>          reads cases, refuses what it must, fails on anything else or on fewer lines
    interop.py golden <file>         checks the fixed figures of the project against this implementation
    interop.py suite-2 <file>        the same for the wraps of suite 2
"""

import json
import random
import sys

import hybrid
import records
import sealing
from sealing import Refused

FORMATS = (
    "envelope", "drop_box", "key_wrap", "sealed_wrap", "locator", "feed", "identity", "record", "local", "shares",
    "audit", "invite", "part",
)  # fmt: skip
SHOWN_MAX = 20
PASSPHRASES_MAX = 4
WORDS = ("digital", "apollo", "aroma", "rival", "artist", "rebel", "academy", "zebra", "harbor", "velvet")
LABELS = ("doorstep/1/sig/envelope", "doorstep/1/sig/log", "doorstep/1/sig/seat", "doorstep/1/sig/possession")


class Differs(Exception):
    """The bytes opened and gave something else than went in."""


def same(what: str, found, expected) -> None:
    if found != expected:
        raise Differs(what)


def unhex(value):
    return bytes.fromhex(value)


# ---- making ---------------------------------------------------------------------------------------------------------


class Maker:
    """Makes cases; the same seed makes the same cases."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.bytes = self.random.randbytes

    def number(self, bits: int = 64) -> int:
        edge = self.random.choice([0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1])
        drawn = edge if self.random.random() < 0.5 else self.random.getrandbits(self.random.randint(1, 64))
        return drawn % (1 << bits)

    def data(self, limit: int) -> bytes:
        return self.bytes(self.random.randrange(limit))

    def ascii(self, limit: int) -> str:
        return "".join(chr(self.random.randint(33, 126)) for _ in range(self.random.randint(1, limit)))

    def case(self, name: str, index: int) -> dict:
        case = getattr(self, name)(index)
        case["format"] = name
        if "expect" not in case:
            case["expect"] = "open"
            if index % 10 == 9 and "bytes" in case:
                damaged = bytearray.fromhex(case["bytes"])
                damaged[self.random.randrange(len(damaged))] ^= 1 << self.random.randrange(8)
                case |= {"bytes": damaged.hex(), "expect": "refuse"}
        return case

    def header(self, flags: int) -> sealing.Header:
        zseq = max(1, self.number())
        return sealing.Header(
            kind=self.random.choice([1, 2]), flags=flags, partnership=self.bytes(16), zone=self.bytes(16),
            document=self.bytes(16), epoch=self.number(32), author=self.bytes(16), zseq=zseq,
            prev=bytes(32) if zseq == 1 else self.bytes(32), log_size=self.number(), log_head=self.bytes(32),
        )  # fmt: skip

    def _header_json(self, header: sealing.Header) -> dict:
        return {name: v.hex() if isinstance(v, bytes) else v for name, v in vars(header).items()}

    def _envelope(self, header: sealing.Header, made: bytes, seed: bytes, data: bytes) -> dict:
        return {
            "header": self._header_json(header), "author_public": sealing.sign_public(seed).hex(), "data": data.hex(),
            "id": sealing.envelope_id(made[:-64]).hex(), "bytes": made.hex(),
        }  # fmt: skip

    def envelope(self, index: int) -> dict:
        """Every tenth is sealed and signed well around a plaintext that is padded in another form."""
        # Short data always leaves zeros, so that what is marked below is padding.
        limit = 200 if index % 10 == 6 else 3000
        header, zone_key, seed, data = self.header(0), self.bytes(32), self.bytes(32), self.data(limit)
        key, padded, expect = sealing.document_key(zone_key, header.document, header.epoch), sealing.pad(data), {}
        if index % 10 == 6:
            padded = (padded + bytes(16), padded[:-1] + b"\1", b"\xff" + padded[1:])[index // 10 % 3]
            expect = {"expect": "refuse"}
        made = sealing.finish_envelope(key, header.to_bytes(), header, padded, seed, self.bytes(32))
        return self._envelope(header, made, seed, data) | {"zone_key": zone_key.hex()} | expect

    def drop_box(self, index: int) -> dict:
        """Every second zone secret is derived from the zone's key."""
        header, zone_key, seed, data = self.header(1), self.bytes(32), self.bytes(32), self.data(1000)
        zone_secret = sealing.drop_box_secret(zone_key) if index % 2 else self.bytes(32)
        random_parts = [self.bytes(32) for _ in range(3)]
        made = sealing.seal_drop_box(sealing.kem_public(zone_secret), header, data, seed, random_parts)
        derived = {"zone_key": zone_key.hex()} if index % 2 else {}
        return self._envelope(header, made, seed, data) | {"zone_secret": zone_secret.hex()} | derived

    def key_wrap(self, index: int) -> dict:
        purpose, partnership, parent, child = index % 5 + 1, self.bytes(16), self.bytes(16), self.bytes(16)
        epochs = self.number(32), self.number(32)
        parent_key, child_key = self.bytes(32), self.bytes(32)
        header = sealing.key_wrap_header(purpose, partnership, parent, child, epochs)
        return {
            "header": {
                "purpose": purpose, "partnership": partnership.hex(), "parent": parent.hex(), "child": child.hex(),
                "parent_epoch": epochs[0], "child_epoch": epochs[1],
            },
            "parent_key": parent_key.hex(), "child_key": child_key.hex(),
            "commitment": sealing.key_commitment(child_key).hex(),
            "bytes": sealing.wrap(header, parent_key, child_key, self.bytes(32)).hex(),
        }  # fmt: skip

    def sealed_wrap(self, index: int) -> dict:
        purpose, partnership, subject, recipient = index % 4 + 1, self.bytes(16), self.bytes(16), self.bytes(16)
        epoch, secret, key, invite = self.number(32), self.bytes(32), self.bytes(32), self.bytes(32)
        header = sealing.sealed_wrap_header(purpose, partnership, subject, epoch, recipient)
        made = sealing.seal_to(header, sealing.kem_public(secret), key, self.bytes(32), invite)
        return {
            "header": {
                "purpose": purpose, "partnership": partnership.hex(), "subject": subject.hex(), "epoch": epoch,
                "recipient": recipient.hex(),
            },
            "recipient_secret": secret.hex(), "invite": invite.hex(), "key": key.hex(),
            "commitment": sealing.key_commitment(key).hex(), "bytes": made.hex(),
        }  # fmt: skip

    def locator(self, _index: int) -> dict:
        key, name, identity = self.bytes(32), self.ascii(20), self.ascii(255)
        document = sealing.locator(key, name, identity)
        return {"key": key.hex(), "class": name, "id": identity, "document": document.hex()}

    def feed(self, _index: int) -> dict:
        envelopes = [self.bytes(32) for _ in range(self.random.randrange(20))]
        feeds = [(self.bytes(16), self.number(), self.bytes(32)) for _ in range(self.random.randrange(6))]
        return {
            "envelopes": [identity.hex() for identity in envelopes],
            "heads": [head.hex() for head in sealing.feed_heads(envelopes)],
            "feeds": [[zone.hex(), number, head.hex()] for zone, number, head in feeds],
            "digest": sealing.heads_digest(feeds).hex(),
        }

    def identity(self, _index: int) -> dict:
        seed, secret, label, message = self.bytes(32), self.bytes(32), self.random.choice(LABELS), self.data(200)
        sign_key, kem_key = sealing.sign_public(seed), sealing.kem_public(secret)
        return {
            "seed": seed.hex(), "kem_secret": secret.hex(), "sign_public": sign_key.hex(),
            "kem_public": kem_key.hex(), "device": sealing.device_id(sign_key, kem_key).hex(), "label": label,
            "message": message.hex(), "signature": sealing.sign(seed, label, message).hex(),
        }  # fmt: skip

    def _item(self, depth: int):
        kind = self.random.randrange(6 if depth < 3 else 4)
        if kind == 0:
            return self.number()
        if kind == 1:
            return self.data(300)
        if kind == 2:
            return self.random.choice(["", "cegin", "ystafell ymolchi", "Tŷ Gwyn", "\U0001f525"])
        return None if kind == 3 else [self._item(depth + 1) for _ in range(self.random.randrange(6))]

    def record(self, index: int) -> dict:
        """Every second record is in a form that no reader may accept."""
        item = [self._item(0) for _ in range(self.random.randint(1, 20))]
        right = records.encode(item)
        wrong = {
            1: right + b"\0",
            3: bytes([0x98, right[0] & 31]) + right[1:],
            5: b"\x9f" + right[1:] + b"\xff",
            7: b"\x82\x18\x17\x00",
            9: bytes([0x81, (0xA0, 0x20, 0xC0, 0xF4, 0xF7)[index // 10 % 5], 0]),
        }.get(index % 10)
        return {"item": to_json(item), "expect": "refuse" if wrong else "open", "bytes": (wrong or right).hex()}

    def local(self, index: int) -> dict:
        """The first have a passphrase, as many after them a PIN and a pepper, the rest a kept key."""
        slot, data, key, passphrase, header = self.ascii(30), self.data(2000), self.bytes(32), None, None
        pepper = None
        if index < PASSPHRASES_MAX:
            passphrase, salt, cost = self.ascii(40), self.bytes(16), (8 * 1024, 1 + index % 2, 1 + index // 2)
            key = sealing.passphrase_key(passphrase, salt, *cost)
            header = sealing.local_header(1, *cost, salt)
        elif index < 2 * PASSPHRASES_MAX:
            passphrase, pepper, salt, cost = str(self.number()), self.bytes(32), self.bytes(16), (8 * 1024, 1, 1)
            key = sealing.pin_key(passphrase, pepper, salt, *cost)
            header = sealing.local_header(2, *cost, salt)
        made = sealing.seal_local(key, header or sealing.local_header(0), slot, data, self.bytes(32))
        return {
            "key": key.hex(), "passphrase": passphrase, "pepper": pepper and pepper.hex(), "slot": slot,
            "data": data.hex(), "bytes": made.hex(),
        }  # fmt: skip

    def shares(self, _index: int) -> dict:
        secret, threshold = self.bytes(32), self.random.randint(2, 5)
        shares = sealing.make_shares(secret, threshold, threshold + self.random.randrange(4), self.bytes)
        self.random.shuffle(shares)
        return {"secret": secret.hex(), "threshold": threshold, "shares": [share.hex() for share in shares]}

    def audit(self, index: int) -> dict:
        """Every tenth has a changed MAC."""
        start, header = self.bytes(32), self.header(1)
        key, macs = start, []
        records_ = [self.data(300) for _ in range(self.random.randint(1, 6))]
        for record in records_:
            macs.append(sealing.audit_mac(key, header.to_bytes(), record))
            key = sealing.audit_evolve(key)
        if index % 10 == 9:
            macs[-1] = self._flipped(macs[-1])
        return {
            "start": start.hex(), "header": self._header_json(header), "records": [r.hex() for r in records_],
            "macs": [mac.hex() for mac in macs], "next": key.hex(), "expect": "refuse" if index % 10 == 9 else "open",
        }  # fmt: skip

    def invite(self, index: int) -> dict:
        """The first are derived from words; every tenth has a changed MAC of its request."""
        key, words, invite, cost = self.bytes(32), None, self.bytes(16), (8 * 1024, 1, 1)
        if index < PASSPHRASES_MAX:
            words = " ".join(self.random.choice(WORDS) for _ in range(6))
            key = sealing.invite_key(words, invite, *cost)
        invitation, request = self.data(300), self.data(300)
        request_mac = sealing.request_mac(key, request)
        return {
            "words": words, "invite": invite.hex(), "cost": list(cost), "key": key.hex(),
            "invitation": invitation.hex(), "invitation_mac": sealing.invitation_mac(key, invitation).hex(),
            "request": request.hex(),
            "request_mac": (self._flipped(request_mac) if index % 10 == 9 else request_mac).hex(),
            "expect": "refuse" if index % 10 == 9 else "open",
        }  # fmt: skip

    def part(self, index: int) -> dict:
        """Every thirtieth is a whole part of 256 KiB, the first of several; every tenth stands elsewhere than it was sealed for."""
        key, count, data = self.bytes(32), self.random.randint(1, 32), self.bytes(1) + self.data(3000)
        place = [self.bytes(16), self.random.choice([1, 2]), count - 1, count]
        if index % 30 == 3:
            place, data = [place[0], place[1], 0, 32], self.bytes(sealing.PART_DATA_BYTES)
        made = sealing.seal_part(key, tuple(place), data, self.bytes(32))
        expect = {}
        if index % 10 == 6:
            place[1], expect = 3 - place[1], {"expect": "refuse"}
        return {
            "key": key.hex(), "file": place[0].hex(), "kind": place[1], "index": place[2], "count": place[3],
            "data": data.hex(), "bytes": made.hex(),
        } | expect  # fmt: skip

    def _flipped(self, mac: bytes) -> bytes:
        damaged = bytearray(mac)
        damaged[self.random.randrange(len(damaged))] ^= 1 << self.random.randrange(8)
        return bytes(damaged)


def to_json(item):
    if item is None:
        return None
    if isinstance(item, int):
        return {"number": item}
    if isinstance(item, bytes):
        return {"bytes": item.hex()}
    return {"text": item} if isinstance(item, str) else {"array": [to_json(part) for part in item]}


# ---- reading --------------------------------------------------------------------------------------------------------


def header_of(case: dict) -> sealing.Header:
    return sealing.Header(**{n: unhex(v) if isinstance(v, str) else v for n, v in case["header"].items()})


def read_envelope(case: dict) -> None:
    sealed = unhex(case["bytes"])
    header, identity = sealing.read_envelope(sealed, unhex(case["author_public"]))
    same("header", header, header_of(case))
    same("id", identity, unhex(case["id"]))
    data = sealing.open_envelope(sealed, header, unhex(case["zone_key"]))
    same("data", data, unhex(case["data"]))


def read_drop_box(case: dict) -> None:
    sealed = unhex(case["bytes"])
    header, identity = sealing.read_envelope(sealed, unhex(case["author_public"]))
    same("header", header, header_of(case))
    same("id", identity, unhex(case["id"]))
    data = sealing.open_drop_box(sealed, header, unhex(case["zone_secret"]))
    if case.get("zone_key"):
        same("zone secret", sealing.drop_box_secret(unhex(case["zone_key"])), unhex(case["zone_secret"]))
    same("data", data, unhex(case["data"]))


def read_key_wrap(case: dict) -> None:
    fields = case["header"]
    header = sealing.key_wrap_header(
        fields["purpose"], unhex(fields["partnership"]), unhex(fields["parent"]), unhex(fields["child"]),
        (fields["parent_epoch"], fields["child_epoch"]),
    )  # fmt: skip
    key = sealing.unwrap(unhex(case["bytes"]), header, unhex(case["parent_key"]), unhex(case["commitment"]))
    same("child key", key, unhex(case["child_key"]))


def read_sealed_wrap(case: dict) -> None:
    fields = case["header"]
    header = sealing.sealed_wrap_header(
        fields["purpose"], unhex(fields["partnership"]), unhex(fields["subject"]), fields["epoch"],
        unhex(fields["recipient"]),
    )  # fmt: skip
    secret, invite = unhex(case["recipient_secret"]), unhex(case["invite"])
    key = sealing.open_sealed(unhex(case["bytes"]), header, secret, unhex(case["commitment"]), invite)
    same("key", key, unhex(case["key"]))


def read_locator(case: dict) -> None:
    same("document", sealing.locator(unhex(case["key"]), case["class"], case["id"]), unhex(case["document"]))


def read_feed(case: dict) -> None:
    heads = sealing.feed_heads([unhex(identity) for identity in case["envelopes"]])
    same("heads", heads, [unhex(head) for head in case["heads"]])
    feeds = [(unhex(zone), number, unhex(head)) for zone, number, head in case["feeds"]]
    same("digest", sealing.heads_digest(feeds), unhex(case["digest"]))


def read_identity(case: dict) -> None:
    seed, message = unhex(case["seed"]), unhex(case["message"])
    sign_key, kem_key = sealing.sign_public(seed), sealing.kem_public(unhex(case["kem_secret"]))
    same("signing key", sign_key, unhex(case["sign_public"]))
    same("encapsulation key", kem_key, unhex(case["kem_public"]))
    same("device", sealing.device_id(sign_key, kem_key), unhex(case["device"]))
    sealing.verify(sign_key, case["label"], message, unhex(case["signature"]))
    same("signature", sealing.sign(seed, case["label"], message), unhex(case["signature"]))


def read_record(case: dict) -> None:
    item = records.decode(unhex(case["bytes"]))
    same("record", to_json(item), case["item"])


def read_local(case: dict) -> None:
    blob = unhex(case["bytes"])
    pepper = unhex(case["pepper"]) if case.get("pepper") else None
    key = sealing.local_key_of(blob, unhex(case["key"]), case["passphrase"], pepper)
    data = sealing.open_local(key, case["slot"], blob)
    same("key", key, unhex(case["key"]))
    same("data", data, unhex(case["data"]))


def read_shares(case: dict) -> None:
    shares = [unhex(share) for share in case["shares"]][: case["threshold"]]
    same("secret", sealing.recover_secret(shares), unhex(case["secret"]))
    try:
        sealing.recover_secret(shares[:-1])
    except Refused:
        return
    raise Differs("recovery from too few")


def read_audit(case: dict) -> None:
    key, header = unhex(case["start"]), header_of(case).to_bytes()
    for record, mac in zip(case["records"], case["macs"], strict=True):
        sealing.need(sealing.audit_mac(key, header, unhex(record)) == unhex(mac), "mac")
        key = sealing.audit_evolve(key)
    same("next key", key, unhex(case["next"]))


def read_invite(case: dict) -> None:
    key = unhex(case["key"])
    if case["words"] is not None:
        same("key", sealing.invite_key(case["words"], unhex(case["invite"]), *case["cost"]), key)
    invitation, request = unhex(case["invitation"]), unhex(case["request"])
    sealing.need(sealing.invitation_mac(key, invitation) == unhex(case["invitation_mac"]), "invitation")
    sealing.need(sealing.request_mac(key, request) == unhex(case["request_mac"]), "request")


def read_part(case: dict) -> None:
    place = unhex(case["file"]), case["kind"], case["index"], case["count"]
    same("data", sealing.open_part(unhex(case["key"]), place, unhex(case["bytes"])), unhex(case["data"]))


def check(case: dict) -> str | None:
    """What is wrong with a case, or nothing."""
    try:
        globals()["read_" + case["format"]](case)
    except Refused as error:
        return None if case["expect"] == "refuse" else f"refused by {error}"
    except Differs as error:
        return f"{error} differs"
    return None if case["expect"] == "open" else "accepted, must be refused"


# ---- the fixed figures ----------------------------------------------------------------------------------------------


def golden_checks(figures: dict):
    """Names of the fixed figures, each with what this implementation makes of it and what it must be."""
    key, seed = unhex(figures["inputs"]["key"]), unhex(figures["inputs"]["device_seed"])
    random32 = unhex(figures["inputs"]["random"])
    header = sealing.Header.parse(unhex(figures["header"]))
    yield "header", header.to_bytes().hex(), figures["header"]
    yield "document key", sealing.document_key(key, header.document, header.epoch).hex(), figures["document_key"]
    made = []
    for figure in figures["envelopes"]:
        data = bytes((31 * j + 7) % 256 for j in range(figure["data_bytes"]))
        sealed = sealing.seal_envelope(key, header, data, seed, random32)
        made.append(sealing.envelope_id(sealed[:-64]))
        yield "envelope bytes", len(sealed), figure["envelope_bytes"]
        yield "envelope id", made[-1].hex(), figure["id"]
        yield "envelope digest", sealing.sha256(sealed).hex(), figure["sha256"]
        yield "feed head", sealing.feed_heads(made)[-1].hex(), figure["feed_head"]
        yield "opened", sealing.open_envelope(sealed, header, key), data
    figure = figures["key_wrap"]
    epochs = figure["parent_epoch"], figure["child_epoch"]
    ids = header.partnership, unhex(figure["parent"]), unhex(figure["child"])
    wrapped = sealing.wrap(sealing.key_wrap_header(1, *ids, epochs), key, unhex(figure["child_key"]), random32)
    yield "key wrap", wrapped.hex(), figure["bytes"]
    figure = figures["locator"]
    yield "locator", sealing.locator(key, figure["class"], figure["id"]).hex(), figure["document"]
    yield "drop-box secret", sealing.drop_box_secret(key).hex(), figures["drop_box"]["secret"]
    yield "drop-box key", sealing.kem_public(sealing.drop_box_secret(key)).hex(), figures["drop_box"]["public"]
    figure, audit_key = figures["audit"], key
    for record, mac in zip(figure["records"], figure["macs"], strict=True):
        yield "audit mac", sealing.audit_mac(audit_key, header.to_bytes(), unhex(record)).hex(), mac
        audit_key = sealing.audit_evolve(audit_key)
    yield "audit key", audit_key.hex(), figure["next"]
    figure = figures["pin"]
    pin_key = sealing.pin_key(figure["pin"], key, unhex(figure["salt"]), *figure["cost"])
    yield "pin key", pin_key.hex(), figure["key"]
    slot = f"seat/{figure['seat']}/{figure['name']}"
    blob_header = sealing.local_header(2, *figure["cost"], unhex(figure["salt"]))
    blob = sealing.seal_local(pin_key, blob_header, slot, unhex(figure["secret"]), random32)
    yield "pin blob", blob.hex(), figure["blob"]
    figure = figures["invite"]
    invite_key = sealing.invite_key(figure["words"], unhex(figure["invite"]), *figure["cost"])
    yield "invite key", invite_key.hex(), figure["key"]
    message = figure["message"].encode()
    yield "invitation mac", sealing.invitation_mac(invite_key, message).hex(), figure["invitation_mac"]
    yield "request mac", sealing.request_mac(invite_key, message).hex(), figure["request_mac"]
    figure = figures["part"]
    place = unhex(figure["file"]), figure["kind"], figure["index"], figure["count"]
    data = bytes((31 * j + 7) % 256 for j in range(figure["data_bytes"]))
    part = sealing.seal_part(key, place, data, random32)
    yield "part", part.hex(), figure["bytes"]
    yield "part's name", sealing.sha256(part).hex(), figure["id"]
    for figure in figures["padme"]:
        yield "padded length", sealing.padme(figure["length"]), figure["padded"]


def main(words: list[str]) -> bool:
    passed = failed = 0

    def count(name: str, wrong: str | None) -> None:
        nonlocal passed, failed
        passed, failed = passed + (wrong is None), failed + (wrong is not None)
        if wrong is not None and failed <= SHOWN_MAX:
            print(f"{name}: {wrong}", file=sys.stderr)

    match words:
        case ["make", seed, number]:
            maker = Maker(int(seed))
            for name in FORMATS:
                for index in range(int(number)):
                    print(json.dumps(maker.case(name, index)))
            return True
        case ["read", number]:
            for line_number, line in enumerate(sys.stdin, 1):
                case = json.loads(line)
                count(f"line {line_number}: {case['format']}", check(case))
            expected = int(number) * len(FORMATS)
        case ["golden" | "suite-2", path]:
            checks = golden_checks if words[0] == "golden" else hybrid.golden_checks
            with open(path, encoding="utf-8") as file:
                for name, found, right in checks(json.load(file)):
                    count(name, None if found == right else "differs")
            expected = passed
        case _:
            print(__doc__, file=sys.stderr)
            return False
    print(f"{passed} passed, {failed} failed")
    return failed == 0 and passed == expected > 0


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
