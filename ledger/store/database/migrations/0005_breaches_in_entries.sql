-- What the signers of a statement were told stands in its entry, under the leaf. Rows beside it could only say otherwise.

drop table vialog.breach;
