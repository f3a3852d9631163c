-- project_notice_put: a notice as the follower knows it
INSERT INTO project_notice (id, idx, item, stage, withdrawn, title_key, tenderee, public_on, project, possible)
VALUES (:id, :idx, :item, :stage, 0, :title_key, :tenderee, :public_on, '', 0)
ON CONFLICT (id) DO UPDATE SET idx = EXCLUDED.idx, item = EXCLUDED.item, stage = EXCLUDED.stage, title_key = EXCLUDED.title_key,
	tenderee = EXCLUDED.tenderee, public_on = EXCLUDED.public_on;

-- project_notice_withdraw: withdrawn, but still part of its project
UPDATE project_notice SET withdrawn = 1, idx = :idx WHERE id = :id;

-- project_notice_find: one notice
SELECT id, idx, item, stage, withdrawn, title_key, tenderee, public_on, project, possible FROM project_notice WHERE id = :id;

-- project_notice_assign: where it belongs
UPDATE project_notice SET project = :project, possible = :possible WHERE id = :id;

-- project_members: all notices of a project
SELECT id, idx, item, stage, withdrawn, title_key, tenderee, public_on, project, possible FROM project_notice WHERE project = :project
ORDER BY public_on, id;

-- project_titled: notices with this stem on this platform
SELECT id, idx, item, stage, withdrawn, title_key, tenderee, public_on, project, possible FROM project_notice WHERE title_key = :title_key
ORDER BY id;

-- project_keyed: notices with this code
SELECT n.id AS id, n.idx AS idx, n.item AS item, n.stage AS stage, n.withdrawn AS withdrawn, n.title_key AS title_key,
	n.tenderee AS tenderee, n.public_on AS public_on, n.project AS project, n.possible AS possible
FROM project_notice n WHERE n.id IN (SELECT k.id FROM project_key k WHERE k.value = :value
AND k.kind = :kind --? kind
) ORDER BY n.id;

-- project_keyed_count: how many carry this code
SELECT COUNT(DISTINCT id) AS n FROM project_key WHERE value = :value
AND kind = :kind --? kind
;

-- project_titled_count: how many carry this stem
SELECT COUNT(*) AS n FROM project_notice WHERE title_key = :title_key;

-- project_key_lookup: the project of any notice with this code, whatever its kind and platform
SELECT n.project AS project FROM project_key k JOIN project_notice n ON n.id = k.id
WHERE k.value = :value OR (k.value > :from_value AND k.value < :to_value) ORDER BY n.id LIMIT 1;

-- project_keys: codes of a notice
SELECT kind, value FROM project_key WHERE id = :id ORDER BY kind, value;

-- project_keys_clear: before the codes of its next revision
DELETE FROM project_key WHERE id = :id;

-- project_key_put: a code of a notice
INSERT INTO project_key (kind, value, id) VALUES (:kind, :value, :id) ON CONFLICT (value, kind, id) DO NOTHING;

-- project_codes: all codes of a project
SELECT DISTINCT k.kind AS kind, k.value AS value FROM project_key k JOIN project_notice n ON n.id = k.id
WHERE n.project = :project ORDER BY k.kind, k.value;

-- project_marks: warnings of a notice
SELECT id, rule, other, detail FROM project_mark WHERE id = :id ORDER BY rule, other;

-- project_marks_of: sqlite
SELECT id, rule, other, detail FROM project_mark WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id, rule, other;

-- project_marks_of: postgres
SELECT id, rule, other, detail FROM project_mark WHERE id IN (SELECT json_array_elements_text(CAST(:ids AS json))) ORDER BY id, rule, other;

-- project_mark_put: a warning
INSERT INTO project_mark (id, rule, other, detail) VALUES (:id, :rule, :other, :detail) ON CONFLICT (id, rule, other) DO NOTHING;

-- project_marks_clear: before they are found anew
DELETE FROM project_mark WHERE id = :id;

-- project_clear: before a rebuild
DELETE FROM project_notice;

-- project_clear_keys: before a rebuild
DELETE FROM project_key;

-- project_clear_marks: before a rebuild
DELETE FROM project_mark;
