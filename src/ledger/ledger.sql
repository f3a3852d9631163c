-- ledger_head_get: the one head
SELECT generation, size, root, time FROM ledger_head

-- ledger_head_make: of a new log
INSERT INTO ledger_head (generation, size, root, time) VALUES (:generation, 0, :root, 0)

-- ledger_head_move: compare and swap; this row is the commit point of everything
UPDATE ledger_head SET size = :size, root = :root, time = :time
WHERE generation = :generation AND size = :old_size AND root = :old_root

-- ledger_entry_add: one entry
INSERT INTO ledger_entry (idx, entry) VALUES (:idx, :entry)

-- ledger_entry_get: the bytes of one entry
SELECT entry FROM ledger_entry WHERE idx = :idx

-- ledger_entry_range: entries in log order
SELECT idx, entry FROM ledger_entry WHERE idx >= :from_idx AND idx < :to_idx ORDER BY idx

-- ledger_entry_last: the last index there is
SELECT COALESCE(MAX(idx), -1) AS last FROM ledger_entry

-- ledger_entry_count: all entries
SELECT COUNT(*) AS n FROM ledger_entry

-- ledger_act_range: entries with their documents, in log order
SELECT e.idx, e.entry, d.salt, d.document FROM ledger_entry e LEFT JOIN ledger_document d ON d.idx = e.idx
WHERE e.idx >= :from_idx AND e.idx < :to_idx ORDER BY e.idx

-- ledger_document_add: the document of an entry
INSERT INTO ledger_document (idx, salt, document) VALUES (:idx, :salt, :document)

-- ledger_document_get: the document of an entry
SELECT salt, document FROM ledger_document WHERE idx = :idx

-- ledger_document_erase: forget a document; its entry stays
DELETE FROM ledger_document WHERE idx = :idx

-- ledger_document_count: all documents
SELECT COUNT(*) AS n FROM ledger_document

-- ledger_tile_put: a tile, full or growing
INSERT INTO ledger_tile (level, n, hashes) VALUES (:level, :n, :hashes)
ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes

-- ledger_tile_get: the hashes of a tile
SELECT hashes FROM ledger_tile WHERE level = :level AND n = :n

-- ledger_tile_list: all tiles without their hashes
SELECT level, n FROM ledger_tile ORDER BY level, n

-- ledger_counter_get: the last number given
SELECT last FROM ledger_counter WHERE city = :city AND sector = :sector AND year = :year

-- ledger_counter_put: the last number given
INSERT INTO ledger_counter (city, sector, year, last) VALUES (:city, :sector, :year, :last)
ON CONFLICT (city, sector, year) DO UPDATE SET last = excluded.last

-- ledger_counter_all: every counter
SELECT city, sector, year, last FROM ledger_counter ORDER BY city, sector, year

-- follower_cursor_get: how far a follower is
SELECT version, cursor_at FROM follower_cursor WHERE name = :name

-- follower_cursor_put: how far a follower is
INSERT INTO follower_cursor (name, version, cursor_at) VALUES (:name, :version, :cursor_at)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, cursor_at = excluded.cursor_at

-- ledger_entry_stray: the first entry that a log of this size does not have
SELECT idx FROM ledger_entry WHERE idx < 0 OR idx >= :size ORDER BY idx LIMIT 1

-- ledger_document_stray: the first document without an entry
SELECT d.idx FROM ledger_document d LEFT JOIN ledger_entry e ON e.idx = d.idx
WHERE e.idx IS NULL ORDER BY d.idx LIMIT 1
