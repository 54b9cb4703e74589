-- What waits: statements that lack signatures, and drafts. Neither is on record, and neither is ever told to whom it does
-- not concern: an open statement to the parties that sign it, a draft to the party that keeps it.

create table vialog_doors.open_statement (
    digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
    statement text not null,
    kind text not null,
    party text not null,
    parties text[] not null check (cardinality(parties) > 0),
    envelope bytea not null,
    beside bytea not null,
    made timestamptz not null,
    expires timestamptz not null
);

comment on column vialog_doors.open_statement.beside is 'JSON: its disclosures, and names that nobody signed';
comment on column vialog_doors.open_statement.digest is 'SHA-256 of the payload: what all of them sign';
comment on column vialog_doors.open_statement.party is 'that left it; parties: that are to sign it, this one among them';

create index open_statement_parties on vialog_doors.open_statement using gin (parties);
create index open_statement_party on vialog_doors.open_statement (party);

create table vialog_doors.draft (
    party text not null,
    name text not null,
    person text not null,
    draft bytea not null,
    kept timestamptz not null,
    expires timestamptz not null,
    primary key (party, name)
);

grant select, insert, delete on vialog_doors.open_statement, vialog_doors.draft to vialog_doors;
grant update (envelope) on vialog_doors.open_statement to vialog_doors;
grant update (person, draft, kept, expires) on vialog_doors.draft to vialog_doors;
