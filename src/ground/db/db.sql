-- db_schema_version: the newest migration that this database has
SELECT COALESCE(MAX(version), 0) AS version FROM schema_version;

-- db_schema_put: a migration is done
INSERT INTO schema_version (version, name) VALUES (:version, :name);

-- db_schema_table: sqlite
SELECT COUNT(*) AS n FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version';

-- db_schema_table: postgres
SELECT COUNT(*) AS n FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_version');
