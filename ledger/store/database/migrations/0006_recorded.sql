-- The head says when the last entry was recorded, and nothing else: who writes behind a head that lies ahead is bound by
-- it for ever. So is a time that is none.

create function vialog.recorded_with_entry() returns trigger language plpgsql as $$
begin
    if new.recorded is distinct from (select recorded from vialog.event where position = new.position) then
        raise restrict_violation using message = 'the head of the log says another time than its last entry';
    end if;
    return null;
end
$$;

-- After: in one statement the head may move before the entries that it counts are there.
create trigger recorded_with_entry after update on vialog.head
    for each row execute function vialog.recorded_with_entry();

alter table vialog.head enable always trigger recorded_with_entry;

alter table vialog.event add constraint event_recorded_finite check (isfinite(recorded));
alter table vialog.head add constraint head_recorded_finite check (isfinite(recorded));
