-- The first follower: notices of one allocation meet. Rebuilt from the log.
CREATE TABLE project_notice (
	id TEXT PRIMARY KEY,
	idx INT64 NOT NULL,
	item TEXT NOT NULL,
	stage TEXT NOT NULL,
	withdrawn BOOL NOT NULL,
	title_key TEXT,
	tenderee TEXT,
	public_on TEXT NOT NULL,
	project TEXT NOT NULL,
	possible BOOL NOT NULL
);
CREATE INDEX project_notice_project ON project_notice (project);
CREATE INDEX project_notice_title ON project_notice (title_key);

CREATE TABLE project_key (
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (value, kind, id)
);
CREATE INDEX project_key_id ON project_key (id);

-- What needs two notices to see.
CREATE TABLE project_mark (
	id TEXT NOT NULL,
	rule TEXT NOT NULL,
	other TEXT NOT NULL,
	detail TEXT NOT NULL,
	PRIMARY KEY (id, rule, other)
);
