"""Bad bundles of a log whose operator lies: all proofs hold, and what is wrong stands in the entries themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.bodies.vocabulary import Role
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.meaning import Meaning
from ledger.statement.form.disclosure import digest_of
from ledger.statement.form.envelope import PAYLOAD_TYPE, Envelope, Signature, encode_envelope, pae, parse_envelope
from ledger.statement.signing.keys import thumbprint_of
from ledger.statement.statement import sign_statement
from tests.corpus.bundle_edits import edited, swap
from tests.corpus.bundle_log import Saying, SmallLog, author, meaning
from tests.corpus.bundle_story import (
    BREACHES,
    CUSTOMS,
    FIRST,
    LINEAGE,
    NOTE,
    OPERATOR,
    OTHER_NOTE,
    SCIENTIST,
    STRANGER,
    TECHNICIAN,
    begun,
    enrolment,
    opening,
    revocation,
    use,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.statement.authoring import Author
    from tests.corpus.bundles import Fault

# An Ed25519 key of small order, whose signature fits any message: the encoding of the identity.
SMALL_ORDER = bytes.fromhex("302a300506032b6570032100") + b"\x01" + bytes(31)


def lies(fault: type[Fault]) -> Iterator[Fault]:
    """Yield bundles of logs in which one entry should not stand; each lie returns its position."""
    for bend in _BENDS:
        data, at = _bent(bend)
        yield fault(bend.__name__.replace("_", "-"), data, "statement", f"event {at}")
    for check, told in _LIES:
        log, at = _told(told)
        data = export_bundle(log.store, log.publish(), Tag(_ABOUT.get(told, FIRST)))
        yield fault(told.__name__.replace("_", "-"), data, check, f"event {at}")
    yield _two_disclosures_of_one_name(fault)


def _two_disclosures_of_one_name(fault: type[Fault]) -> Fault:
    """Return the bundle of a statement that says two things under one name; the one that is read second fails."""
    log, _ = begun()
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, disclose=[NOTE, OTHER_NOTE]))
    data = export_bundle(log.store, log.publish(), Tag(FIRST), ["note"])
    second = max(map(digest_of, (NOTE, OTHER_NOTE)))
    return fault("two-disclosures-of-one-name", data, "disclosure", f"disclosure {second}")


def told_lies() -> dict[str, tuple[SmallLog, int]]:
    """Return the logs, unpublished, by the names of their lies, and at which position each stands."""
    return {tell.__name__: _told(tell) for _, tell in _LIES}


def _told(tell: Callable[[SmallLog], int]) -> tuple[SmallLog, int]:
    log, _ = begun()
    return log, tell(log)


def event_signed_after_revocation(log: SmallLog) -> int:
    log.say(revocation(TECHNICIAN), SCIENTIST)
    return log.say(use(FIRST), TECHNICIAN, saying=Saying(tags=LINEAGE))


def event_signed_before_its_key_was_enrolled(log: SmallLog) -> int:
    at = log.say(use(FIRST), STRANGER, saying=Saying(tags=LINEAGE))
    log.say(enrolment(STRANGER), OPERATOR, meaning(STRANGER, Meaning.ENROLLED))
    return at


def event_signed_by_a_key_that_nobody_enrolled(log: SmallLog) -> int:
    return log.say(use(FIRST), STRANGER, saying=Saying(tags=LINEAGE))


def event_signed_as_another_party(log: SmallLog) -> int:
    posing = author("laboratory", Role.LABORATORY, signer=CUSTOMS.signer)
    return log.say(use(FIRST), posing, saying=Saying(tags=LINEAGE))


def key_substituted_in_its_enrolment(log: SmallLog) -> int:
    body = enrolment(STRANGER, spki=SCIENTIST.signer.spki)
    at = log.say(body, OPERATOR, meaning(STRANGER, Meaning.ENROLLED))
    log.say(use(FIRST), STRANGER, saying=Saying(tags=LINEAGE))
    return at


def signature_by_another_key_than_named(log: SmallLog) -> int:
    return _signed_otherwise(log, SCIENTIST, STRANGER)


def signature_over_other_bytes(log: SmallLog) -> int:
    payload = log.payload(use(FIRST), [SCIENTIST])
    signature = SCIENTIST.signer.sign(payload)  # of the payload alone, not of its encoding with the type
    envelope = Envelope(payload, (Signature(SCIENTIST.signer.thumbprint, signature),))
    return log.append(encode_envelope(envelope), payload, Saying(tags=LINEAGE))


def one_key_two_identities(log: SmallLog) -> int:
    twin = author("importer", Role.APPLICANT, "p-2", SCIENTIST.signer)
    at = log.say(enrolment(twin), OPERATOR, meaning(twin, Meaning.ENROLLED))
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    return at


def enrolment_without_possession(log: SmallLog) -> int:
    at = log.say(enrolment(STRANGER), OPERATOR)
    log.say(use(FIRST), STRANGER, saying=Saying(tags=LINEAGE))
    return at


def enrolment_of_a_key_of_small_order(log: SmallLog) -> int:
    body = enrolment(SCIENTIST, key=thumbprint_of(SMALL_ORDER), spki=SMALL_ORDER)
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    return log.say(body, OPERATOR, SCIENTIST)


def log_opened_twice(log: SmallLog) -> int:
    at = log.say(opening(STRANGER), STRANGER)
    log.say(use(FIRST), STRANGER, saying=Saying(tags=LINEAGE))
    return at


def header_leaves_out_a_tag(log: SmallLog) -> int:
    hidden = f"party:{SCIENTIST.party.partition(':')[2]}"
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, hidden=[hidden]))


def breach_that_nobody_acknowledged(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, breaches=BREACHES))


def statement_replayed_from_another_log(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, log="ledger.example/another"))


def same_statement_recorded_twice(log: SmallLog) -> int:
    payload = log.payload(use(FIRST), [SCIENTIST])
    envelope = sign_statement(payload, [SCIENTIST.signer])
    log.append(envelope, payload, Saying(tags=LINEAGE))
    return log.append(envelope, payload, Saying(tags=LINEAGE))


def same_id_with_other_bytes(log: SmallLog) -> int:
    first = log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    again = Saying(tags=LINEAGE, id=f"01990000-0000-7000-8000-{first:012x}")
    return log.say(use(FIRST, "0.2"), SCIENTIST, saying=again)


def signatures_in_another_order(log: SmallLog) -> int:
    payload = log.payload(use(FIRST), [SCIENTIST, TECHNICIAN])
    envelope = parse_envelope(sign_statement(payload, [SCIENTIST.signer, TECHNICIAN.signer]))
    bent = encode_envelope(Envelope(payload, envelope.signatures[::-1]))
    return log.append(bent, payload, Saying(tags=LINEAGE))


def signature_left_out(log: SmallLog) -> int:
    payload = log.payload(use(FIRST), [SCIENTIST, TECHNICIAN])
    envelope = parse_envelope(sign_statement(payload, [SCIENTIST.signer, TECHNICIAN.signer]))
    return log.append(encode_envelope(Envelope(payload, envelope.signatures[:1])), payload, Saying(tags=LINEAGE))


def envelope_bent(payload: bytes) -> bytes:
    return swap(sign_statement(payload, [SCIENTIST.signer]), b'"payloadType":', b'"payloadType": ')


def payload_with_a_member_twice(payload: bytes) -> bytes:
    twice = swap(payload, b'"purpose":"research"', b'"purpose":"research","purpose":"teaching"')
    signature = Signature(SCIENTIST.signer.thumbprint, SCIENTIST.signer.sign(pae(PAYLOAD_TYPE, twice)))
    return encode_envelope(Envelope(twice, (signature,)))


def no_envelope_at_all(payload: bytes) -> bytes:
    return b"signed by nobody"


def _bent(bend: Callable[[bytes], bytes]) -> tuple[bytes, int]:
    """Return a bundle whose last event no exporter would read, and its position: made from that of an honest twin."""
    honest, bent = begun()[0], begun()[0]
    payload = honest.payload(use(FIRST), [SCIENTIST])
    honest.append(sign_statement(payload, [SCIENTIST.signer]), payload, Saying(tags=LINEAGE))
    at = bent.append(bend(payload), payload, Saying(tags=LINEAGE))
    data = export_bundle(honest.store, honest.publish(), Tag(FIRST))
    frame = bent.publish()
    entries = {one.position: one.entry for one in bent.store.read()}
    return edited(data, lambda one: one.transplant(entries, frame)), at


def _signed_otherwise(log: SmallLog, named: Author, signing: Author) -> int:
    payload = log.payload(use(FIRST), [named])
    signature = Signature(named.signer.thumbprint, signing.signer.sign(pae(PAYLOAD_TYPE, payload)))
    return log.append(encode_envelope(Envelope(payload, (signature,))), payload, Saying(tags=LINEAGE))


_LIES: tuple[tuple[str, Callable[[SmallLog], int]], ...] = (
    ("key", event_signed_after_revocation),
    ("key", event_signed_before_its_key_was_enrolled),
    ("key", event_signed_by_a_key_that_nobody_enrolled),
    ("key", event_signed_as_another_party),
    ("key", key_substituted_in_its_enrolment),
    ("key", one_key_two_identities),
    ("key", enrolment_without_possession),
    ("key", enrolment_of_a_key_of_small_order),
    ("key", log_opened_twice),
    ("signature", signature_by_another_key_than_named),
    ("signature", signature_over_other_bytes),
    ("tags", header_leaves_out_a_tag),
    ("tags", breach_that_nobody_acknowledged),
    ("statement", statement_replayed_from_another_log),
    ("statement", same_statement_recorded_twice),
    ("statement", same_id_with_other_bytes),
    ("statement", signatures_in_another_order),
    ("statement", signature_left_out),
)

_ABOUT: dict[Callable[[SmallLog], int], str] = {enrolment_of_a_key_of_small_order: SCIENTIST.party}
"""What a bundle is about that holds a lie which concerns no item."""

_BENDS: tuple[Callable[[bytes], bytes], ...] = (envelope_bent, payload_with_a_member_twice, no_envelope_at_all)
