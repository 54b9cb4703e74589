-- Who has signed in: challenges that nobody has answered yet, sessions, and tokens. Never of the log, never rebuilt from
-- it, and never what only the log should say. Of secrets only the SHA-256 is here: who reads these tables signs in as nobody.
--
-- vialog_doors is what the doors act as. It has no right on the log, and vialog_app has none here.

do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'vialog_doors') then
        create role vialog_doors nologin;
        execute pg_catalog.format('grant vialog_doors to %I', current_user);
    end if;
exception
    -- The role belongs to the whole server: a migration of another database made it at the same moment.
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then
        raise insufficient_privilege using
            message = pg_catalog.format('the role vialog_doors is missing, and %s may not create it', current_user),
            hint = 'An administrator runs once: create role vialog_doors nologin;'
                   ' grant vialog_doors to <the login role of the service>;';
end
$$;

create table vialog_doors.challenge (
    digest bytea primary key check (octet_length(digest) = 32),
    key text not null,
    expires timestamptz not null
);

create table vialog_doors.session (
    digest bytea primary key check (octet_length(digest) = 32),
    name text not null unique,
    party text not null,
    person text not null,
    key text not null,
    made timestamptz not null,
    expires timestamptz not null
);

create table vialog_doors.token (
    digest bytea primary key check (octet_length(digest) = 32),
    name text not null unique,
    label text not null,
    party text not null,
    person text not null,
    key text not null,
    scopes text[] not null check (cardinality(scopes) > 0),
    made timestamptz not null,
    expires timestamptz not null,
    used timestamptz
);

create index token_person on vialog_doors.token (party, person);

grant usage on schema vialog_doors to vialog_doors;
grant select, insert, delete on vialog_doors.challenge, vialog_doors.session to vialog_doors;
grant select, insert, delete, update (used) on vialog_doors.token to vialog_doors;
