-- held_put: keep a row that did not become a notice; a second run replaces what is known of it
INSERT INTO held_row (profile, row_key, file, line, row_count, outcome, issues, raw, time)
VALUES (:profile, :key, :file, :line, :rows, :outcome, :issues, :raw, :time)
ON CONFLICT (profile, row_key) DO UPDATE SET file = EXCLUDED.file, line = EXCLUDED.line, row_count = EXCLUDED.row_count,
	outcome = EXCLUDED.outcome, issues = EXCLUDED.issues, raw = EXCLUDED.raw, time = EXCLUDED.time;

-- held_clear: the row imports fine now
DELETE FROM held_row WHERE profile = :profile AND row_key = :key;

-- held_keys: which rows of a profile are held, so that an import asks the database only about those
SELECT row_key AS key FROM held_row WHERE profile = :profile;

-- held_list: oldest first, by keys
SELECT id, profile, row_key AS key, file, line, row_count AS rows, outcome, issues, raw, time FROM held_row
WHERE id > :after
AND outcome = :outcome --? outcome
ORDER BY id LIMIT :max_rows;

-- held_get: one of them
SELECT id, profile, row_key AS key, file, line, row_count AS rows, outcome, issues, raw, time FROM held_row WHERE id = :id;

-- held_drop: forget it
DELETE FROM held_row WHERE id = :id;
