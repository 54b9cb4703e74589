"""A policy says which checkpoints a verifier believes, and every line of it is checked."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.errors import IntegrityFailed, Malformed, NotTrusted
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.cosignature import Cosigner, Ed25519Cosigner, MlDsa44Cosigner, subtree_message
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.note import Ed25519Signer, Note, NoteSignature, format_note
from ledger.tlog.policy import Group, Policy, evaluate, parse_policy
from ledger.tlog.proof import LogProof, check_proof, decode_proof, encode_proof
from ledger.tlog.tree import leaf_hash, prove_inclusion, root_hash
from ledger.tlog.vkey import format_vkey

ORIGIN = "log.example/1"


def _ed25519(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def _ml_dsa_44(number: int) -> MLDSA44PrivateKey:
    return MLDSA44PrivateKey.from_seed_bytes(bytes([number]) * 32)


LOG = Ed25519Signer(ORIGIN, _ed25519(1))
LOG_PQ = MlDsa44Cosigner(ORIGIN, _ml_dsa_44(1))
OTHER_LOG = Ed25519Signer("log.example/2", _ed25519(2))
WITNESSES: dict[str, Cosigner] = {
    "X1": Ed25519Cosigner("x1.example", _ed25519(11)),
    "X2": MlDsa44Cosigner("x2.example", _ml_dsa_44(12)),
    "X3": Ed25519Cosigner("x3.example", _ed25519(13)),
    "Y1": Ed25519Cosigner("y1.example", _ed25519(14)),
    "Y2": Ed25519Cosigner("y2.example", _ed25519(15)),
}
VKEY = {name: format_vkey(cosigner.key) for name, cosigner in WITNESSES.items()}
HEAD = f"log {format_vkey(LOG.key)}\nlog {format_vkey(LOG_PQ.key)}\n" + "".join(
    f"witness {name} {vkey}\n" for name, vkey in VKEY.items()
)
TWO_LEVELS = HEAD + "group X 2 X1 X2 X3\ngroup Y any Y1 Y2\ngroup both all X Y\nquorum both\n"

LEAVES = [leaf_hash(str(number).encode()) for number in range(7)]
TEXT = encode_checkpoint(Checkpoint(ORIGIN, 7, root_hash(LEAVES)))


def policy(text: str) -> Policy:
    return parse_policy(text.encode())


def checkpoint(*extra: NoteSignature, **times: int) -> bytes:
    """Return a checkpoint signed by the log and cosigned by witnesses at some times."""
    cosigned = (WITNESSES[name].cosign(TEXT, time) for name, time in times.items())
    return format_note(Note(TEXT, (LOG.sign(TEXT), *extra, *cosigned)))


def test_a_policy_of_two_levels_is_read() -> None:
    read = policy(TWO_LEVELS)
    assert [log.key for log in read.logs] == [LOG.key, LOG_PQ.key]
    assert {name: witness.key for name, witness in read.witnesses.items()} == {
        name: cosigner.key for name, cosigner in WITNESSES.items()
    }
    assert read.groups == {
        "X": Group(2, ("X1", "X2", "X3")),
        "Y": Group(1, ("Y1", "Y2")),
        "both": Group(2, ("X", "Y")),
    }
    assert read.quorum == "both"


def test_blank_lines_comments_tabs_and_addresses_are_read() -> None:
    read = policy(
        f"# ours\n\n \t log\t{format_vkey(LOG.key)}  https://log.example/1\t\n"
        f"\t# theirs\nwitness Größe {VKEY['X1']} https://x1.example\nquorum Größe"
    )
    assert read.logs[0].url == "https://log.example/1"
    assert read.witnesses["Größe"].url == "https://x1.example"


ONE = f"witness X1 {VKEY['X1']}\n"


@pytest.mark.rule("TLOG-07")
@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        pytest.param("", "$", "no quorum", id="empty"),
        pytest.param(ONE, "$", "no quorum", id="no quorum"),
        pytest.param("quorum none\nquorum none\n", "line 2", "second quorum", id="two quorums"),
        pytest.param("quorum X1\n" + ONE, "line 1", "no line above", id="quorum before its witness"),
        pytest.param("quorum\n", "line 1", "not a log", id="quorum of nothing"),
        pytest.param("mirror X\n", "line 1", "not a log", id="unknown word"),
        pytest.param("log\n", "line 1", "not a log", id="log without a key"),
        pytest.param("log nonsense\n", "line 1", "not a name", id="not a vkey"),
        pytest.param(f"log {VKEY['X1']}\n", "line 1", "in this role", id="a witness's key as a log's"),
        pytest.param(f"witness X {format_vkey(LOG.key)}\n", "line 1", "in this role", id="a log's as a witness's"),
        pytest.param(f"witness none {VKEY['X1']}\n", "line 1", "taken", id="a witness called none"),
        pytest.param(ONE + f"witness X1 {VKEY['X2']}\n", "line 2", "taken", id="a name twice"),
        pytest.param(ONE + f"witness X2 {VKEY['X1']}\n", "line 2", "stands on a line", id="a key twice"),
        pytest.param(ONE + f"witness X2 {VKEY['X2']} a b\n", "line 2", "not a log", id="a word too many"),
        pytest.param(ONE + "group G all\n", "line 2", "not a log", id="group of nobody"),
        pytest.param(ONE + "group G all X2\n", "line 2", "no line above", id="unknown member"),
        pytest.param(ONE + "group G all none\n", "line 2", "no line above", id="none as a member"),
        pytest.param(ONE + "group G all X1 X1\n", "line 2", "member already", id="a member twice"),
        pytest.param(ONE + "group G any X1\ngroup H any X1\n", "line 3", "member already", id="in two groups"),
        pytest.param(ONE + "group G all G\n", "line 2", "no line above", id="a group of itself"),
        pytest.param(ONE + "group G 0 X1\n", "line 2", "from 1 to 1", id="threshold 0"),
        pytest.param(ONE + "group G 2 X1\n", "line 2", "from 1 to 1", id="threshold above the members"),
        pytest.param(ONE + "group G 01 X1\n", "line 2", "from 1 to 1", id="threshold with a leading zero"),
        pytest.param("# \x7f\n", "line 1", "control", id="delete character"),
        pytest.param("quorum \rnone\n", "line 1", "carriage return", id="carriage return within a line"),
        pytest.param("# ours\rquorum none\r", "line 1", "carriage return", id="lines that end as on an old Macintosh"),
        pytest.param("# ours\nq\0u\0", "line 2", "UTF-16", id="UTF-16 without a mark"),
        pytest.param("quorum\u00a0none\n", "line 1", "U\\+00A0", id="a space that does not break"),
        pytest.param("quorum\u3000none\n", "line 1", "U\\+3000", id="a wide space"),
        pytest.param("# ours\n\ufeffquorum none\n", "line 2", "U\\+FEFF", id="a byte order mark within"),
    ],
)
def test_a_wrong_line_is_named(text: str, line: str, problem: str) -> None:
    with pytest.raises(Malformed, match=problem) as caught:
        policy(text)
    assert (caught.value.rule, caught.value.member) == ("TLOG-07", line)


@pytest.mark.rule("TLOG-07")
def test_a_log_is_not_its_own_witness() -> None:
    vkey = format_vkey(LOG_PQ.key)
    with pytest.raises(Malformed, match="stands on a line above"):
        policy(f"log {vkey}\nwitness W {vkey}\nquorum W\n")


def test_one_public_key_is_not_two_witnesses_under_two_names() -> None:
    again = format_vkey(Ed25519Cosigner("x9.example", _ed25519(11)).key)
    with pytest.raises(Malformed, match="stands on a line above"):
        policy(ONE + f"witness X9 {again}\nquorum none\n")


def test_two_keys_that_no_signature_line_could_tell_apart_are_refused() -> None:
    # Found by counting up: 4 bytes of key id collide after some 70,000 keys.
    keys = [
        Ed25519Cosigner("witness.example", Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))).key
        for number in (5646, 54184)
    ]
    assert keys[0].key_id == keys[1].key_id == bytes.fromhex("001bf0c8")
    with pytest.raises(Malformed, match="its name and id"):
        policy("".join(f"witness W{at} {format_vkey(key)}\n" for at, key in enumerate(keys)) + "quorum none\n")


@pytest.mark.rule("TLOG-07")
@pytest.mark.parametrize("data", [b"quorum none\nlog \xff\n", *(HEAD.encode(one) for one in ("utf-16", "utf-16-be"))])
def test_a_policy_that_is_not_utf_8_says_so(data: bytes) -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        parse_policy(data)


@pytest.mark.rule("TLOG-07")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TWO_LEVELS.replace("\n", "\r\n").encode(), id="carriage returns before newlines"),
        pytest.param(TWO_LEVELS.encode("utf-8-sig"), id="a byte order mark"),
        pytest.param(TWO_LEVELS.replace("\n", "\r\n").encode("utf-8-sig"), id="both, as Windows writes"),
        pytest.param(TWO_LEVELS.removesuffix("\n").encode(), id="no newline at the end"),
        pytest.param(TWO_LEVELS.replace("\n", " \t\n").replace(" ", "\t ").encode(), id="blanks behind and between"),
        pytest.param("# 中文\n \t# \n".encode("gbk") + TWO_LEVELS.encode(), id="comments in another encoding"),
    ],
)
def test_a_policy_reads_alike_whatever_editor_wrote_it(data: bytes) -> None:
    assert parse_policy(data) == policy(TWO_LEVELS)


def nested(groups: int) -> str:
    """Return a policy with so many groups, each the only member of the next."""
    lines = [f"group g{at + 1} any {f'g{at}' if at else 'X1'}" for at in range(groups)]
    return "\n".join([ONE + lines[0], *lines[1:], f"quorum g{groups}", ""])


@pytest.mark.rule("TLOG-07")
def test_a_policy_has_at_most_256_keys() -> None:
    vkeys = (format_vkey(Ed25519Cosigner(f"{at}.example", _ed25519(at)).key) for at in range(256))
    full = "".join(f"witness W{at} {vkey}\n" for at, vkey in enumerate(vkeys))
    assert len(policy(full + "quorum none\n").witnesses) == 256
    with pytest.raises(Malformed, match="line 257: more than 256 keys"):
        policy(full + f"log {format_vkey(OTHER_LOG.key)} \nquorum none\n")


@pytest.mark.rule("TLOG-07")
def test_groups_stand_inside_each_other_32_deep_and_no_deeper() -> None:
    assert evaluate(policy(f"log {format_vkey(LOG.key)}\n" + nested(32)), checkpoint(X1=7)).quorum_time == 7
    for groups in (33, 400, 5_000):
        with pytest.raises(Malformed, match="line 34: groups stand inside each other more than 32 deep"):
            policy(nested(groups))


def test_the_quorum_time_is_when_the_quorum_was_met() -> None:
    seen = evaluate(policy(TWO_LEVELS), checkpoint(X1=100, X2=300, X3=200, Y1=50, Y2=40))
    assert seen.checkpoint.size == 7
    assert seen.logs == (LOG.key,)
    assert seen.witnesses == {"X1": 100, "X2": 300, "X3": 200, "Y1": 50, "Y2": 40}
    assert seen.quorum_time == 200  # two of X at 200; Y long before


def test_the_last_group_to_be_met_decides_the_time() -> None:
    assert evaluate(policy(TWO_LEVELS), checkpoint(X1=100, X3=200, Y2=900)).quorum_time == 900


def test_a_single_witness_can_be_the_quorum() -> None:
    assert evaluate(policy(HEAD + "quorum X2\n"), checkpoint(X2=5)).quorum_time == 5


def test_no_quorum_has_no_time() -> None:
    assert evaluate(policy(HEAD + "quorum none\n"), checkpoint(X2=5)).quorum_time is None


@pytest.mark.rule("TLOG-14")
@pytest.mark.parametrize(
    "times",
    [{}, {"X1": 1, "X2": 1}, {"X1": 1, "Y1": 1}, {"Y1": 1, "Y2": 1}],
    ids=["nobody", "only X", "one of X", "only Y"],
)
def test_a_quorum_that_is_not_met_is_not_trusted(times: dict[str, int]) -> None:
    with pytest.raises(NotTrusted) as caught:
        evaluate(policy(TWO_LEVELS), checkpoint(**times))
    assert caught.value.rule == "TLOG-14"


def test_a_witness_that_signs_twice_counts_once_with_its_earlier_time() -> None:
    again = WITNESSES["X1"].cosign(TEXT, 70)
    with pytest.raises(NotTrusted):
        evaluate(policy(TWO_LEVELS), checkpoint(again, X1=100, Y1=1))
    assert evaluate(policy(HEAD + "quorum X1\n"), checkpoint(again, X1=100)).quorum_time == 70


@pytest.mark.rule("TLOG-14")
def test_a_witness_that_states_no_time_does_not_count() -> None:
    untimed = _ml_dsa_44(12).sign(subtree_message("x2.example", TEXT, 0))
    key = WITNESSES["X2"].key
    with pytest.raises(NotTrusted) as caught:
        evaluate(policy(HEAD + "quorum X2\n"), checkpoint(NoteSignature(key.name, key.key_id, bytes(8) + untimed)))
    assert caught.value.rule == "TLOG-14"


@pytest.mark.rule("TLOG-11")
def test_one_failing_cosignature_rejects_the_checkpoint_even_beyond_the_quorum() -> None:
    key = WITNESSES["Y2"].key
    with pytest.raises(NotTrusted) as caught:
        evaluate(policy(HEAD + "quorum X1\n"), checkpoint(NoteSignature(key.name, key.key_id, bytes(72)), X1=1))
    assert caught.value.rule == "TLOG-11"


@pytest.mark.rule("TLOG-13")
def test_witnesses_alone_do_not_vouch_for_a_log() -> None:
    unsigned = format_note(Note(TEXT, (WITNESSES["X1"].cosign(TEXT, 1),)))
    with pytest.raises(NotTrusted) as caught:
        evaluate(policy(HEAD + "quorum X1\n"), unsigned)
    assert caught.value.rule == "TLOG-13"


@pytest.mark.rule("TLOG-13")
def test_a_known_log_does_not_speak_for_another_origin() -> None:
    both = policy(HEAD + f"log {format_vkey(OTHER_LOG.key)}\nquorum none\n")
    borrowed = format_note(Note(TEXT, (OTHER_LOG.sign(TEXT),)))
    with pytest.raises(NotTrusted) as caught:
        evaluate(both, borrowed)
    assert caught.value.rule == "TLOG-13"


def test_a_policy_that_lists_only_the_ml_dsa_44_key_asks_for_that_signature() -> None:
    strict = policy(f"log {format_vkey(LOG_PQ.key)}\nquorum none\n")
    assert evaluate(strict, checkpoint(LOG_PQ.cosign(TEXT, 9))).logs == (LOG_PQ.key,)
    with pytest.raises(NotTrusted):
        evaluate(strict, checkpoint())


def proof(index: int, **times: int) -> LogProof:
    return LogProof(index, prove_inclusion(index, 7, GrowingTree(LEAVES)), checkpoint(**times))


def test_a_proof_is_checked_from_its_file_against_the_verifiers_policy() -> None:
    data = encode_proof(proof(4, X1=3))
    seen = check_proof(decode_proof(data), LEAVES[4], policy(HEAD + "quorum X1\n"))
    assert (seen.checkpoint.size, seen.quorum_time) == (7, 3)


def test_a_proof_of_a_neighbour_does_not_hold() -> None:
    with pytest.raises(IntegrityFailed):
        check_proof(proof(4, X1=3), LEAVES[5], policy(HEAD + "quorum X1\n"))
    with pytest.raises(IntegrityFailed):
        check_proof(proof(5, X1=3), LEAVES[4], policy(HEAD + "quorum X1\n"))


def test_a_proof_under_a_checkpoint_that_is_not_believed_does_not_hold() -> None:
    with pytest.raises(NotTrusted):
        check_proof(proof(4), LEAVES[4], policy(HEAD + "quorum X1\n"))


def test_extra_bytes_are_carried_and_change_nothing() -> None:
    plain = proof(4, X1=3)
    extra = LogProof(4, plain.hashes, plain.checkpoint, b"context")
    assert b"\nextra Y29udGV4dA==\nindex 4\n" in encode_proof(extra)
    assert decode_proof(encode_proof(extra)) == extra
    check_proof(extra, LEAVES[4], policy(HEAD + "quorum X1\n"))


FILE = encode_proof(proof(4))


@pytest.mark.rule("TLOG-08")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(FILE.replace(b"@v1", b"@v2"), id="another version"),
        pytest.param(FILE.replace(b"index 4\n", b""), id="no index"),
        pytest.param(FILE.replace(b"index 4", b"index 04"), id="leading zero"),
        pytest.param(FILE.replace(b"index 4", b"index -4"), id="negative"),
        pytest.param(FILE.replace(b"index 4", b"index 4 "), id="space at the end"),
        pytest.param(FILE.replace(b"index 4", b"extra YQ=\nindex 4"), id="extra not base64"),
        pytest.param(FILE.replace(b"index 4", b"extra YQ==\nextra YQ==\nindex 4"), id="extra twice"),
        pytest.param(FILE.replace(b"index 4\n", b"index 4\nAAAA\n"), id="short hash"),
        pytest.param(FILE.replace(b"index 4\n", b"index 4\n" + (b"A" * 43 + b"=\n") * 64), id="64 hashes more"),
        pytest.param(FILE.replace(b"index 4\n", b"index 4\r\n"), id="carriage return"),
        pytest.param(FILE[: FILE.index(b"\n\n")], id="no checkpoint"),
        pytest.param(FILE.replace(b"\n7\n", b"\n7\n7\n"), id="not a checkpoint"),
        pytest.param(FILE + b"\n", id="something after it"),
    ],
)
def test_what_is_not_a_proof_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_proof(data)


MIRRORS = (
    f"log {format_vkey(LOG.key)}\nwitness X1 {VKEY['X1']}\n"
    f"mirror X2 {VKEY['X2']}\nmirror X3 {VKEY['X3']}\ngroup both all X2 X3\n"
)


@pytest.mark.parametrize(
    ("lines", "cosigned", "replayed"),
    [
        pytest.param("quorum none", {"X1": 5, "X3": 6}, ("X3",), id="any mirror, where nothing else is said"),
        pytest.param("quorum none", {"X1": 5}, (), id="a witness is no mirror"),
        pytest.param("quorum none\nreplayed both", {"X3": 6}, (), id="one of two"),
        pytest.param("quorum none\nreplayed both", {"X2": 7, "X3": 6}, ("X2", "X3"), id="both of two"),
        pytest.param("quorum both", {"X2": 7, "X3": 6}, ("X2", "X3"), id="mirrors as the quorum"),
        pytest.param("replayed X2\nquorum X1", {"X1": 5, "X3": 6}, (), id="another mirror than the one asked for"),
    ],
)
def test_a_checkpoint_is_replayed_when_the_mirrors_that_the_policy_asks_for_have_cosigned(
    lines: str, cosigned: dict[str, int], replayed: tuple[str, ...]
) -> None:
    assert evaluate(policy(f"{MIRRORS}{lines}\n"), checkpoint(**cosigned)).replayed == replayed


@pytest.mark.rule("TLOG-07")
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("replayed X1", id="a witness"),
        pytest.param("group mixed any X1 both\nreplayed mixed", id="a group with a witness in it"),
        pytest.param("replayed Z", id="a name that no line defines"),
        pytest.param("replayed X2\nreplayed X3", id="twice"),
        pytest.param("replayed", id="nobody"),
    ],
)
def test_only_mirrors_replay(line: str) -> None:
    with pytest.raises(Malformed, match="TLOG-07"):
        policy(f"{MIRRORS}{line}\nquorum none\n")
