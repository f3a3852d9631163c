-- Private state: source rows that did not become notices, kept verbatim until they do, or are dropped.
CREATE TABLE held_row (
	id ID,
	profile TEXT NOT NULL,
	row_key TEXT NOT NULL,
	file TEXT NOT NULL,
	line INT64 NOT NULL,
	row_count INT64 NOT NULL,
	outcome TEXT NOT NULL,
	issues TEXT NOT NULL,
	raw BYTES NOT NULL,
	time INT64 NOT NULL
);
CREATE UNIQUE INDEX held_row_key ON held_row (profile, row_key);
