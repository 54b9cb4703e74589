-- What is published of the log: the tiles of its tree, its signed checkpoints, and the pages of its index.
--
-- All of one publication comes in one transaction. A tile only ever gets longer and a checkpoint stands for ever; the
-- pages of the index are those of the newest checkpoint alone, each put in the place of the one before it.

create table vialog.publication (
    one boolean primary key default true check (one),
    size bigint not null default 0 check (size >= 0)
);

insert into vialog.publication default values;

-- Levels as in C2SP tlog-tiles: level 1 is the hashes of 256 leaves each. At the right edge a tile is not yet full.
create table vialog.tile (
    level smallint check (level between 0 and 7),
    place bigint check (place >= 0),
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    primary key (level, place)
);

-- Hashes do not compress, and are cut: kept as they are.
alter table vialog.tile alter column hashes set storage external;

create table vialog.index_page (
    path text collate "C" primary key,
    page bytea not null
);

alter table vialog.index_page alter column page set storage external;

create table vialog.checkpoint (
    size bigint primary key check (size > 0),
    note bytea not null,
    published timestamptz not null
);

create function vialog.only_longer() returns trigger language plpgsql as $$
begin
    if new.level <> old.level or new.place <> old.place
            or substring(new.hashes from 1 for octet_length(old.hashes)) <> old.hashes then
        raise restrict_violation using message = 'a published tile only gets longer';
    end if;
    return new;
end
$$;

create function vialog.only_larger() returns trigger language plpgsql as $$
begin
    if new.size <= old.size then
        raise restrict_violation using message = 'what is published only gets larger';
    end if;
    return new;
end
$$;

create trigger append_only before update or delete or truncate on vialog.checkpoint
    for each statement execute function vialog.refuse_change();
create trigger append_only before delete or truncate on vialog.tile
    for each statement execute function vialog.refuse_change();
create trigger append_only before delete or truncate on vialog.publication
    for each statement execute function vialog.refuse_change();
create trigger only_longer before update on vialog.tile
    for each row execute function vialog.only_longer();
create trigger only_larger before update on vialog.publication
    for each row execute function vialog.only_larger();

alter table vialog.checkpoint enable always trigger append_only;
alter table vialog.tile enable always trigger append_only;
alter table vialog.tile enable always trigger only_longer;
alter table vialog.publication enable always trigger append_only;
alter table vialog.publication enable always trigger only_larger;

grant select, update (size) on vialog.publication to vialog_app;
grant select, insert, update (hashes) on vialog.tile to vialog_app;
grant select, insert, update (page) on vialog.index_page to vialog_app;
grant select, insert on vialog.checkpoint to vialog_app;
