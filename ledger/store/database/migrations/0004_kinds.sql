-- The kinds of all events in a few steps: a program that does not know one of them must not decide what may come next.

create index event_kind on vialog.event (kind);
