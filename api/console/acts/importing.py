"""A manifest in the browser: read, previewed with what is wrong by line and column, and told statement by statement.

Nothing is recorded and nothing is kept: the file is read by the reader that ``vialog import`` has, what it comes to
goes back as the bytes that are to be signed, and the browser signs all of them and hands them in together. A POST,
since a file is sent; what it costs is bounded as reading the whole log is, so many at a time.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.console.acts.judging import told_of
from api.console.frame import PageRoute, page
from api.console.language import PARAMETER, Told
from api.console.telling import Teller
from api.drafts.acts.authors import roles_in
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.http.recording.statements import Body
from api.language import label, spoken
from api.manifests.layout import BUILT_IN
from api.manifests.lines import Rows
from api.manifests.mapping import layout_of
from api.manifests.previewing import AT, first_rows
from api.manifests.problems import spans
from api.manifests.reading.sheets import manifest_of
from api.manifests.statements import plan_import
from ledger.ids import new_statement_id
from ledger.meaning import Meaning
from ledger.statement.form.disclosure import digest_of
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae
from ledger.statement.form.header import Acknowledgement, Capture, CaptureMode, Signer
from ledger.statement.form.payload import read_payload
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import Algorithm
from ledger.words.reader import code_word
from ledger.words.table import kinds_in, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.manifests.layout import Layout
    from api.manifests.reading.encodings import Encoding
    from api.manifests.statements import Plan, Planned
    from ledger.domain.bodies.vocabulary import Role
    from ledger.statement.text.strict_json import JsonValue

pages = APIRouter(route_class=PageRoute, include_in_schema=False)
router = APIRouter(include_in_schema=False)

PATH: Final = "/manifest/told"
MOST_FILE: Final = 8 * 2**20
"""Bytes of a manifest that comes through a browser; the program reads larger ones."""

MOST_BYTES: Final = MOST_FILE * 4 // 3 + 200_000
"""Of what is sent: the manifest in base64, its mapping, and what is said besides."""

MOST_STATEMENTS: Final = 100
_MOST_SHOWN: Final = 50
_FIXED: Final = ("consignment", "approval", "line")
"""Members that a form asks for, for all rows of a manifest that has no column for them."""


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """What a browser sends. mapping: TOML; "" for none. fixed: members of every statement. role: "" if there is one."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    manifest: bytes
    mapping: Annotated[str, msgspec.Meta(max_length=100_000)] = ""
    fixed: dict[str, Annotated[str, msgspec.Meta(max_length=200)]] = {}
    acknowledges: dict[str, Annotated[str, msgspec.Meta(max_length=100)]] = {}
    role: Annotated[str, msgspec.Meta(max_length=100)] = ""


@pages.get("/manifest")
def manifest(request: Request, reads: Reads, language: Told) -> Response:
    """Ask for the file."""
    parameters_of(request, (PARAMETER,))
    teller = Teller(reads, language)
    columns = list(dict.fromkeys((*BUILT_IN.shared, *BUILT_IN.columns)))
    values = {
        "columns": columns,
        "fixed": _FIXED,
        "most": MOST_FILE,
        "most_statements": MOST_STATEMENTS,
        "reasons": list(words_in(language).code["reason"].items()),
    }
    return page(request, "acts/manifest.html", {**teller.of_every_page, **values}, signs=True)


@router.post(PATH)
def told(data: Body, reads: Reads, language: Told) -> Response:
    """Read a manifest and tell what it comes to, judged as if it were recorded now.

    Raises Malformed: IMP-01 to IMP-04, IMP-06, IMP-14 of the file as a whole, IMP-05 and IMP-16 of its mapping.
    Unavailable: so many read the whole log already.
    """
    try:
        sent = msgspec.json.decode(data, type=Sent)
    except (msgspec.ValidationError, msgspec.DecodeError):
        raise HTTPException(400, "this is not what the page sends") from None
    if len(sent.manifest) > MOST_FILE:
        raise HTTPException(413)
    teller = Teller(reads, language)
    with reads.whole_log():
        layout = layout_of("mapping", sent.mapping.encode()) if sent.mapping.strip() else BUILT_IN
        layout = layout.with_constants({name: value for name, value in sent.fixed.items() if value})
        said = _told(sent, layout, teller)
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


def _told(sent: Sent, layout: Layout, teller: Teller) -> dict[str, Any]:
    reads = teller.reads
    read = manifest_of(sent.name, sent.manifest, layout.encoding)
    layout.check_for(read.name, read.digest)
    units = reads.packs.at_instant(reads.jurisdiction, reads.record.world.now).units
    table = read.sheet(layout.sheet, layout.where)
    plan = plan_import(read.name, table, layout, units, teller.labels.find_in_manifest)
    roles = roles_in(reads.record.world.party(reads.who.party), layout.of_kind)
    role = next((one for one in roles if one == sent.role), roles[0] if len(roles) == 1 else None)
    too_many = len(plan.statements) > MOST_STATEMENTS
    statements: list[dict[str, Any]] = []
    if role is not None and not plan.problems and not too_many:
        making = _Making(teller, layout, role, read.digest, sent.acknowledges)
        statements = [making.told(one, plan.beside(one)) for one in plan.statements]
    return {
        **_preview(plan, layout, teller, read.encoding),
        "roles": [(one, code_word("role", one, teller.today)) for one in roles],
        "role": role,
        "too_many": too_many,
        "statements": statements,
    }


def _preview(plan: Plan, layout: Layout, teller: Teller, encoding: Encoding | None) -> dict[str, Any]:
    """Return what a manifest comes to: how much, its first rows, what is wrong with it, and what is passed over."""
    language = teller.language
    shown = first_rows(layout, plan)
    made = layout.fresh.keys() - layout.columns.values()
    columns = [name for name in dict.fromkeys(name for row in shown for name in row) if name not in made]
    reasons: dict[str, list[int]] = {}
    for line, why in plan.passed:
        reasons.setdefault(why, []).append(line)
    return {
        "kind": kinds_in(language)[layout.kind].name,
        "encoding": encoding,
        "rows": sum(len(one.lines) for one in plan.statements),
        "number": len(plan.statements),
        "columns": [label("line", language) if one == AT else one for one in columns],
        "first": [[str(row.get(name, "")) for name in columns] for row in shown],
        "problems": [(one.line, one.column, spoken(one.problem, language)) for one in plan.problems[:_MOST_SHOWN]],
        "more": len(plan.problems[_MOST_SHOWN:]),
        "passed": [(spoken(spans(lines), language), spoken(why, language)) for why, lines in reasons.items()],
        "unused": [*plan.unused, *plan.others],
    }


@dataclass(frozen=True, slots=True)
class _Making:
    """Makes the statements of a manifest. source: the SHA-256 of the manifest."""

    teller: Teller
    layout: Layout
    role: Role
    source: str
    acknowledges: Mapping[str, str]

    def told(self, planned: Planned, beside: tuple[str, ...]) -> dict[str, Any]:
        """Return a statement as it will be signed, told and judged. beside: what is disclosed with it."""
        teller, written = self.teller, self._written(planned, beside)
        said = told_of(teller, read_payload(written), written)
        places = Rows(self.layout.rows, self.layout.unique)
        wrong = places.lines_named(planned, said.refused) if said.refused else ()
        return {
            **asdict(said),
            "open": said.open,
            "lines": spoken(spans(planned.lines), teller.language),
            "wrong": spoken(spans(wrong), teller.language) if wrong else "",
            "payload": base64.b64encode(written).decode(),
            "digest": hashlib.sha256(pae(PAYLOAD_TYPE, written)).hexdigest(),
            "disclosures": list(beside),
        }

    def _written(self, planned: Planned, beside: tuple[str, ...]) -> bytes:
        reads, kind = self.teller.reads, self.layout.of_kind
        who, now = reads.who, reads.doors.signing_in.clock.now()
        alg = Algorithm(reads.record.world.key(who.key).alg)
        body: dict[str, JsonValue] = msgspec.json.decode(msgspec.json.encode(msgspec.convert(planned.body, kind.body)))
        return build_payload(
            log=reads.store.origin,
            id=new_statement_id(now),
            kind=kind.name,
            occurred_at=now,
            signers=[Signer(who.key.removeprefix("key:"), alg, who.party, who.person, self.role, Meaning.PERFORMED)],
            capture=Capture(CaptureMode.IMPORT, source=self.source),
            body=body,
            acknowledges=[Acknowledgement(rule, why) for rule, why in self.acknowledges.items() if why],
            sd=[digest_of(one) for one in beside],
        )
