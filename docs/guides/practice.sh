# Makes a place to practise the guides in, and takes you there. In bash, from the checkout, with `vialog` on the PATH:
#
#     . docs/guides/practice.sh custodian      # or compliance, or customs: the world as it is before that day
#
# It is a new folder with a log, organisations, their keys and one passphrase for all of these, which no real log has.
# Organisations and sites have a name in English and one in Chinese; either finds them. `rm -r` removes all of it.

IMPORTER="Harbour Imports" LAB="Harbour Laboratory" CLINIC="Hillside Clinic" CUSTOMS="Harbour Customs"
BENCH="Bench 2" WARD="Ward 5"
GUIDES=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TODAY=$(TZ=UTC-8 date +%F) # in China, whose rules these are

quietly() { "$@" > practice.log 2>&1 || { cat practice.log >&2; return 1; }; }

admit() { # NAME PERSON WHAT-IT-IS...: an organisation with its first key, or one more person of it
    local name=$1 person=$2
    shift 2
    quietly vialog keys new "$person.pem"
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
    export VIALOG_DATA=$PWD/data VIALOG_LOG_ORIGIN=ledger.example/practice VIALOG_PASSPHRASE_FILE=$PWD/passphrase
    (umask 077; echo "a passphrase for practice alone" > passphrase)
    vialog init --operator party:operator --name "Harbour Ledger" --name-zh 海港台账 --key operator.pem \
        > operator.txt 2> practice.log
    admit "$IMPORTER" i-01 --name-zh 海港进出口 --country CN --business contract-research --role applicant
    admit "$LAB" t-07 --name-zh 海港实验室 --country CN --business testing --role laboratory
    admit "$LAB" t-08
    admit "$CLINIC" c-01 --name-zh 青山医院 --country CN --business medical --role laboratory
    admit "$CUSTOMS" o-01 --name-zh 海港海关 --country CN --business customs --role customs
    admit "$CUSTOMS" o-02
    site bench-2 "$BENCH" 二号实验室 "$LAB" t-07
    site ward-5 "$WARD" 五号实验室 "$CLINIC" c-01
    quietly vialog publish # the operator has long done that, and made the log's keys with it
}

permitted() { # the approval, and two consignments under it
    quietly vialog record approval.granted --number "GX 2026 0117" --direction import --applicant "$IMPORTER" \
        --issued-on "$TODAY" --valid-from "$TODAY" --valid-to "$(date -u -d '+300 days' +%F)" --grade C1 \
        --write-off batch --follow-up true --site "$BENCH" --site "$WARD" --purpose research --line 1 \
        --name-en "Human serum" --name-zh 人血清 --line.quantity "50 mL" --key o-01.pem --yes
    announce "784-1234 5675"
    announce "784-1234 5686"
}

declared() { # of the first consignment its 50 tubes are listed, and it is declared
    (echo label,quantity,type; seq -f 'HC-%04.0f,500 uL,serum' 50) > listed.csv
    quietly vialog record item.listed --consignment "784-1234 5675" --approval "GX 2026 0117" --line 1 \
        --from listed.csv --key i-01.pem --yes
    quietly vialog record consignment.declared --consignment "784-1234 5675" --declaration-number "2301 2026 0077" \
        --port-code 2301 --declared-on "$TODAY" --approval "GX 2026 0117" --line 1 --quantity "25 mL" \
        --hs-code 300290 --key i-01.pem --yes
}

cleared() { # it is inspected and released, and its use is consented to
    quietly vialog record consignment.inspected --consignment "784-1234 5675" --result passed --packaging intact \
        --key o-01.pem --key o-02.pem --yes
    vialog list items --consignment "784-1234 5675" --names > released.csv 2> practice.log
    quietly vialog record consignment.released --consignment "784-1234 5675" --release-number "RL 0077" \
        --from released.csv --approval "GX 2026 0117" --line 1 --quantity "25 mL" --key o-01.pem --yes
    quietly vialog record destination.declared --consignment "784-1234 5675" --receipt-number "DD 3306" \
        --declared-on "$TODAY" --key t-07.pem --yes
    quietly vialog record use.consented --consignment "784-1234 5675" --scope research --key o-01.pem --yes
}

case ${1-} in
    compliance) practise() { everyone; } ;;
    customs) practise() { everyone && permitted && declared; } ;;
    custodian) practise() { everyone && permitted && declared && cleared; } ;;
    *) practise() { echo "say for which day: . docs/guides/practice.sh compliance, customs or custodian" >&2; false; } ;;
esac
cd "$(mktemp -d "${TMPDIR:-/tmp}/vialog-practice.XXXXXX")" && chmod 755 . && practise && echo "Ready in $PWD"
