-- Views of notice/v1 and withdrawal/v1 entries; rebuilt from the log by `gongkai rebuild`.
CREATE TABLE notice_revision (
	idx INT64 PRIMARY KEY,
	id TEXT NOT NULL,
	revision INT64 NOT NULL,
	kind INT64 NOT NULL,
	item TEXT NOT NULL,
	version INT64 NOT NULL,
	sector TEXT NOT NULL,
	agency TEXT NOT NULL,
	place TEXT NOT NULL,
	county TEXT,
	city TEXT,
	province TEXT,
	title TEXT NOT NULL,
	formed_on TEXT,
	public_on TEXT NOT NULL,
	platform TEXT,
	time INT64 NOT NULL,
	superseded INT64 NOT NULL,
	digest_key INT64 NOT NULL,
	phase TEXT,
	closes INT64,
	brief TEXT
);
CREATE UNIQUE INDEX notice_revision_id ON notice_revision (id, revision);
CREATE INDEX notice_revision_on ON notice_revision (public_on, idx, superseded);
CREATE INDEX notice_revision_item ON notice_revision (item, public_on, idx, superseded);
CREATE INDEX notice_revision_sector ON notice_revision (sector, public_on, idx, superseded);
CREATE INDEX notice_revision_agency ON notice_revision (agency, public_on, idx, superseded);
CREATE INDEX notice_revision_county ON notice_revision (county, public_on, idx, superseded);
CREATE INDEX notice_revision_city ON notice_revision (city, public_on, idx, superseded);
-- Digests are random: the key begins with the block of the log, so that inserts stay together (notice_find.c).
CREATE INDEX notice_revision_digest ON notice_revision (digest_key);
CREATE INDEX notice_revision_closes ON notice_revision (phase, closes, idx, superseded);

-- The foreign identity of an imported notice: where it stands here, and the digest of its content. Date first: the keys arrive in order of time.
CREATE TABLE notice_identity (
	platform TEXT NOT NULL,
	day TEXT NOT NULL,
	identity TEXT NOT NULL,
	id TEXT NOT NULL,
	content BYTES NOT NULL,
	PRIMARY KEY (platform, day, identity)
);
