"""The guides for each role: their commands, run in their order as a reader types them; in both languages the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.embedded_server import fresh_place
from tests.journeys.shell import CHECKOUT, blocks, run
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Servers

GUIDES: Final = CHECKOUT / "docs" / "guides"
ROLES: Final = ("compliance", "custodian", "customs", "auditor")
NAMES: Final = {
    "Harbour Imports": "海港进出口",
    "Harbour Laboratory": "海港实验室",
    "Bench 2": "二号实验室",
    "Hillside Clinic": "青山医院",
    "Ward 5": "五号实验室",
    "Harbour Customs": "海港海关",
    "Slot 33 was empty, the seal intact.": "第33号孔位为空，封志完好。",
    "cycle C-0412: 134 degrees, 18 minutes, passed": "C-0412批次：134℃，18分钟，合格",
}
"""What the commands of the two languages differ in."""
RUN: Final = {
    "compliance": ("en", "exit code 5"),
    "custodian": ("zh", "exit code 6"),
    "customs": ("en", "exit code 6"),
    "auditor": ("en", "refused: exit code 4"),
}
"""In which language each is run, because the other has the same commands; and what the guide has refused on purpose."""

TOLD: Final = {
    "customs": ("the bundle: verified and known",),
    "auditor": (
        "used 0.15",
        "used 0.25",
        "agrees: what is claimed follows from the bundle",
        "the bundle: in part",
        "the bundle: failed",
        "do not use it: exit code 4",
        "not to be seen: exit code 8",
    ),
}
"""What the commands of a guide told in the end, as the guide says; between two words there may be more blanks."""


def page(role: str, language: str) -> Path:
    """Return a guide."""
    return GUIDES / (f"{role}.md" if language == "en" else f"{role}.{language}.md")


@pytest.mark.timeout(1000)  # longer than a shell is waited for
@pytest.mark.parametrize("role", ROLES)
def test_every_command_of_a_guide_does_what_the_guide_says(servers: Servers, role: str) -> None:
    language, refused = RUN[role]
    with servers.get(EMBEDDED).empty_database() as database, fresh_place() as place:
        more = {"VIALOG_DATABASE_URL": database.admin, "VIALOG_LANGUAGE": language, "TMPDIR": str(place)}
        ran = run(f"cd {CHECKOUT}\n" + "\n".join(blocks(page(role, language))), place, more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert refused in ran.stdout
    shown = re.sub(" +", " ", ran.stdout)
    assert [told for told in TOLD.get(role, ()) if told not in shown] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_guide_has_the_same_commands_and_the_same_plan_in_both_languages(role: str) -> None:
    english, chinese = page(role, "en").read_text(encoding="utf-8"), page(role, "zh").read_text(encoding="utf-8")
    commands = "\n".join(blocks(page(role, "en")))
    for one, other in NAMES.items():
        commands = commands.replace(one, other)
    assert commands == "\n".join(blocks(page(role, "zh")))
    assert _plan(english) == _plan(chinese)
    assert re.search("[\u4e00-\u9fff]", re.sub("中文|人血清", "", english)) is None


def _plan(text: str) -> list[str]:
    """Return what a guide consists of: its headings, blocks, tables' rows, without their words."""
    return re.findall(r"^(?:#+ |```sh|\| )", text, re.MULTILINE)
