-- View of the definitions in the log (sector/v1, item/v1, codes/v1 …); rebuilt from it by `gongkai rebuild`. The documents are the ledger's.
CREATE TABLE catalogue_definition (
	type TEXT NOT NULL,
	id TEXT NOT NULL,
	version INT64 NOT NULL,
	idx INT64 NOT NULL,
	time INT64 NOT NULL,
	PRIMARY KEY (type, id, version)
);
CREATE UNIQUE INDEX catalogue_definition_idx ON catalogue_definition (idx);
