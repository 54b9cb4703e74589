-- Nothing is kept that nothing vouches for. Disclosures have no order but that of their digests, as in the statement that
-- commits to them; when a checkpoint was signed stands in its signatures.

alter table vialog.disclosure
    drop constraint disclosure_pkey,
    drop column place,
    add primary key (statement, digest);

alter table vialog.checkpoint drop column published;

-- The rows of the newest positions, for the publisher, which compares them with the entries. They are appended in the
-- order of positions, so that the ranges of the table's blocks are index enough, and cost a writer next to nothing.
create index event_tag_position on vialog.event_tag using brin (position)
    with (pages_per_range = 32, autosummarize = on);
