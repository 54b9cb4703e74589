"""A checkpoint has three lines, and each can be written in one way."""

from __future__ import annotations

import pytest

from ledger.errors import Malformed
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint, encode_checkpoint
from ledger.tlog.tree import EMPTY_ROOT

TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_the_specification_is_read_and_written() -> None:
    checkpoint = decode_checkpoint(TEXT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.root.hex().startswith("0ac5186a")
    assert encode_checkpoint(checkpoint) == TEXT


def test_the_empty_log_has_a_checkpoint() -> None:
    empty = Checkpoint("log.example/1", 0, EMPTY_ROOT)
    assert decode_checkpoint(encode_checkpoint(empty)) == empty


@pytest.mark.rule("TLOG-03")
@pytest.mark.parametrize(
    ("text", "member"),
    [
        pytest.param("", "$", id="nothing"),
        pytest.param(TEXT[:-1], "$", id="no last newline"),
        pytest.param(TEXT + "extension\n", "$", id="extension line"),
        pytest.param(TEXT + "\n", "$", id="blank line"),
        pytest.param(TEXT.replace("example.com/behind-the-sofa", ""), "origin", id="no origin"),
        pytest.param(TEXT.replace("behind-the-sofa", "behind the sofa"), "origin", id="space in the origin"),
        pytest.param(TEXT.replace("behind-the-sofa", "x" * 256), "origin", id="long origin"),
        pytest.param(TEXT.replace("20852163", "020852163"), "size", id="leading zero"),
        pytest.param(TEXT.replace("20852163", "+20852163"), "size", id="sign"),
        pytest.param(TEXT.replace("20852163", "٢"), "size", id="other digits"),
        pytest.param(TEXT.replace("20852163", "9223372036854775808"), "size", id="2^63"),
        pytest.param(TEXT.replace("CsUY", ""), "root", id="29 bytes"),
        pytest.param(TEXT.replace("q2I=", "q2J="), "root", id="another spelling"),
        pytest.param(TEXT.replace("20852163", "0"), "root", id="not the empty root"),
    ],
)
def test_what_is_not_a_checkpoint_is_malformed(text: str, member: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_checkpoint(text)
    assert (caught.value.rule, caught.value.member) == ("TLOG-03", member)


@pytest.mark.parametrize(
    "checkpoint",
    [Checkpoint("two\nlines", 1, bytes(32)), Checkpoint("log", -1, bytes(32)), Checkpoint("log", 1, bytes(31))],
)
def test_a_checkpoint_without_a_text_is_not_written(checkpoint: Checkpoint) -> None:
    with pytest.raises(Malformed):
        encode_checkpoint(checkpoint)
