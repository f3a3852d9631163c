-- catalogue_definition_add: a definition that has its entry
INSERT INTO catalogue_definition (type, id, version, idx, time) VALUES (:type, :id, :version, :idx, :time);

-- catalogue_definition_last: the newest version, published or not (the sequencer's view)
SELECT type, id, version, idx, time FROM catalogue_definition WHERE type = :type AND id = :id ORDER BY version DESC LIMIT 1;

-- catalogue_definition_find: one version, published or not
SELECT type, id, version, idx, time FROM catalogue_definition WHERE type = :type AND id = :id AND version = :version;

-- catalogue_definition_list: all that are published, in log order
SELECT type, id, version, idx, time FROM catalogue_definition WHERE idx < :published
AND type = :type --? type
AND id = :id --? id
ORDER BY idx;

-- catalogue_definition_clear: before a rebuild
DELETE FROM catalogue_definition;
