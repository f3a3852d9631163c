-- The log. Every column of every table ledger_… is checked by `gongkai audit`.
CREATE TABLE ledger_head (
	generation INT64 NOT NULL PRIMARY KEY,
	size INT64 NOT NULL,
	root BYTES NOT NULL,
	time INT64 NOT NULL
);
CREATE TABLE ledger_entry (
	idx INT64 NOT NULL PRIMARY KEY,
	entry BYTES NOT NULL
);
-- What the law may order erased: both columns go, the entry stays.
CREATE TABLE ledger_document (
	idx INT64 NOT NULL PRIMARY KEY,
	salt BYTES NOT NULL,
	document TEXT NOT NULL
);
-- Hashes of the tree, 256 to a tile; level 0 holds the leaf hashes. The last tile of each level grows.
CREATE TABLE ledger_tile (
	level INT64 NOT NULL,
	n INT64 NOT NULL,
	hashes BYTES NOT NULL,
	PRIMARY KEY (level, n)
);
-- The last number given to a notice of a city, sector and year.
CREATE TABLE ledger_counter (
	city TEXT NOT NULL,
	sector TEXT NOT NULL,
	year INT64 NOT NULL,
	last INT64 NOT NULL,
	PRIMARY KEY (city, sector, year)
);
-- How far each follower of the log is: entries below cursor_at are in its view.
CREATE TABLE follower_cursor (
	name TEXT NOT NULL PRIMARY KEY,
	version INT64 NOT NULL,
	cursor_at INT64 NOT NULL
);
