# Makes a place to practise the guides in, and takes you there. In bash, from the checkout, with `vialog` on the PATH:
#
#     . docs/guides/practice.sh custodian      # or compliance, customs, auditor: the world as it is before that day
#
# It is a new folder with a log, organisations, their keys and one passphrase for all of these, which no real log has.
# Organisations and sites have a name in English and one in Chinese; either finds them. `rm -r` removes all of it.

IMPORTER="Harbour Imports" LAB="Harbour Laboratory" CLINIC="Hillside Clinic" CUSTOMS="Harbour Customs" AUDITOR="Riverside Audit"
BENCH="Bench 2" WARD="Ward 5"
GUIDES=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TODAY=$(TZ=UTC-8 date +%F) # in China, whose rules these are

quietly() { "$@" > practice.log 2>&1 || { cat practice.log >&2; return 1; }; }

into() { # FILE COMMAND...: what it prints goes into a file
    local file=$1
    shift
    "$@" > "$file" 2> practice.log || { cat practice.log >&2; return 1; }
}

admit() { # NAME PERSON WHAT-IT-IS...: an organisation with its first key, or one more person of it
    local name=$1 person=$2
    shift 2
    quietly vialog keys new "$person.pem" &&
    quietly vialog admit "$name" "$@" --public "$person.pem" --person "$person" --key operator.pem --yes
}

site() { # ID NAME CHINESE-NAME PARTY PERSON
    quietly vialog record site.registered --site "$1" --name "$2" --name-zh "$3" --party "$4" --use laboratory --level 2 \
        --key "$5.pem" --yes
}

announce() { # AIRWAY-BILL
    quietly vialog record consignment.announced --applicant "$IMPORTER" --consignee "$LAB" --consignor-country DE \
        --destination "$BENCH" --route import --transport-document "$1" --approval "GX 2026 0117" --line 1 \
        --quantity "25 mL" --key i-01.pem --yes
}

everyone() {
    export VIALOG_DATA=$PWD/data VIALOG_LOG_ORIGIN=ledger.example/practice VIALOG_PASSPHRASE_FILE=$PWD/passphrase &&
    (umask 077; echo "a passphrase for practice alone" > passphrase) &&
    into operator.txt vialog init --operator party:operator --name "Harbour Ledger" --name-zh 海港台账 --key operator.pem &&
    admit "$IMPORTER" i-01 --name-zh 海港进出口 --country CN --business contract-research --role applicant &&
    admit "$LAB" t-07 --name-zh 海港实验室 --country CN --business testing --role laboratory &&
    admit "$LAB" t-08 &&
    admit "$CLINIC" c-01 --name-zh 青山医院 --country CN --business medical --role laboratory &&
    admit "$CUSTOMS" o-01 --name-zh 海港海关 --country CN --business customs --role customs &&
    admit "$CUSTOMS" o-02 &&
    site bench-2 "$BENCH" 二号实验室 "$LAB" t-07 &&
    site ward-5 "$WARD" 五号实验室 "$CLINIC" c-01 &&
    quietly vialog publish # the operator has long done that, and made the log's keys with it
}

permitted() { # the approval, and two consignments under it
    quietly vialog record approval.granted --number "GX 2026 0117" --direction import --applicant "$IMPORTER" \
        --issued-on "$TODAY" --valid-from "$TODAY" --valid-to "$(date -u -d '+300 days' +%F)" --grade C1 \
        --write-off batch --follow-up true --site "$BENCH" --site "$WARD" --purpose research --line 1 \
        --name-en "Human serum" --name-zh 人血清 --line.quantity "50 mL" --key o-01.pem --yes &&
    announce "784-1234 5675" &&
    announce "784-1234 5686"
}

declared() { # of the first consignment its 50 tubes are listed, and it is declared
    (echo label,quantity,type; seq -f 'HC-%04.0f,500 uL,serum' 50) > listed.csv &&
    quietly vialog record item.listed --consignment "784-1234 5675" --approval "GX 2026 0117" --line 1 \
        --from listed.csv --key i-01.pem --yes &&
    quietly vialog record consignment.declared --consignment "784-1234 5675" --declaration-number "2301 2026 0077" \
        --port-code 2301 --declared-on "$TODAY" --approval "GX 2026 0117" --line 1 --quantity "25 mL" \
        --hs-code 300290 --key i-01.pem --yes
}

cleared() { # it is inspected and released, and its use is consented to
    quietly vialog record consignment.inspected --consignment "784-1234 5675" --result passed --packaging intact \
        --key o-01.pem --key o-02.pem --yes &&
    into released.csv vialog list items --consignment "784-1234 5675" --names &&
    quietly vialog record consignment.released --consignment "784-1234 5675" --release-number "RL 0077" \
        --from released.csv --approval "GX 2026 0117" --line 1 --quantity "25 mL" --key o-01.pem --yes &&
    quietly vialog record destination.declared --consignment "784-1234 5675" --receipt-number "DD 3306" \
        --declared-on "$TODAY" --key t-07.pem --yes &&
    quietly vialog record use.consented --consignment "784-1234 5675" --scope research --key o-01.pem --yes
}

lived() { # what an auditor looks at: a tube lost, an amount misread, five handed on, one destroyed; and the grant
    quietly vialog record receive --consignment "784-1234 5675" --laboratory "$BENCH" --documents match \
        --condition intact --from released.csv --item HC-0033 --condition missing \
        --acknowledge RCP-05=reported-to-customs --key t-07.pem --yes &&
    into used.txt vialog record use --item HC-0005 --quantity "50 uL" --laboratory "$BENCH" --project p-7 --purpose research \
        --activity noninfectious --key t-07.pem --yes &&
    quietly vialog record use --corrects "$(grep -oE '[0-9]+' used.txt | head -n 1)" --quantity "150 uL" \
        --reason misread --key t-07.pem --yes &&
    set -- --item HC-0011 --item HC-0012 &&
    quietly vialog record transfer.sent --case to-ward-5 "$@" --from-site "$BENCH" --to-site "$WARD" \
        --receiver "$CLINIC" --ground same-approval --key t-07.pem --yes &&
    quietly vialog record hand-over "$@" --receiver "$CLINIC" --count 2 --packaging intact --site "$BENCH" \
        --with "c-01@$CLINIC" --out hand-over.open --key t-07.pem --yes &&
    quietly vialog statement cosign hand-over.open --key c-01.pem --yes &&
    quietly vialog statement submit hand-over.open &&
    quietly vialog record transfer.received --case to-ward-5 "$@" --site "$WARD" --key c-01.pem --yes &&
    quietly vialog record use --item HC-0011 --quantity "100 uL" --laboratory "$WARD" --project p-7 --purpose research \
        --activity noninfectious --key c-01.pem --yes &&
    set -- --case autoclave-0412 --item HC-0005 &&
    quietly vialog record disposal.requested "$@" --ground damaged --method autoclave --key t-07.pem --yes &&
    quietly vialog record disposal.approved "$@" --key t-08.pem --meaning approved --yes &&
    quietly vialog record dispose "$@" --laboratory "$BENCH" --method autoclave --equipment autoclave-2 --cycle C-0412 \
        --indicator passed --evidence "$(echo passed | sha256sum | cut -c 1-64)" --key t-07.pem --key t-08.pem --yes
}

audited() { # the laboratory lets an auditor see what came in under the approval, for thirty days
    admit "$AUDITOR" a-01 --name-zh 河畔审计 --country CN --business testing --role assessment-body &&
    quietly vialog auditor grant --case audit-1 --auditor "$AUDITOR" --approvals "GX 2026 0117" \
        --until "$(date -u -d '+30 days' +%FT16:00:00Z)" --key t-07.pem --yes
}

served() { # the operator's service, until this shell ends; the commands ask it from here on
    vialog serve --port 0 --json > served.json 2> served.log &
    SERVICE=$!
    trap 'kill "$SERVICE" && wait "$SERVICE" || true' EXIT
    until grep -q url served.json; do kill -0 "$SERVICE" || { cat served.log >&2; return 1; }; sleep 0.2; done
    vialog log vkey | sed 's/^/log /' > log.vkeys # what an auditor gets on another way than the service's
    export VIALOG_URL=$(sed 's/.*"url":"\([^"]*\)".*/\1/' served.json) VIALOG_SESSIONS=$PWD/sessions
}

case ${1-} in
    compliance) practise() { everyone; } ;;
    customs) practise() { everyone && permitted && declared; } ;;
    custodian) practise() { everyone && permitted && declared && cleared; } ;;
    auditor) practise() { everyone && permitted && declared && cleared && lived && audited && served; } ;;
    *) practise() { echo "say for which day: . docs/guides/practice.sh compliance, customs, custodian or auditor" >&2; false; } ;;
esac
cd "$(mktemp -d "${TMPDIR:-/tmp}/vialog-practice.XXXXXX")" && chmod 755 . && practise && echo "Ready in $PWD"
