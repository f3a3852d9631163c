-- search_put: a current notice; its key is the day it was first public and the log index, so that newest first is a walk from the end
INSERT INTO search_notice (key, id, idx, sector, item, agency, place, county, city, province, year, title, body)
VALUES (:key, :id, :idx, :sector, :item, :agency, :place, :county, :city, :province, :year, :title, :body);

-- search_put_text: its words
INSERT INTO search_text (rowid, title, body) VALUES (:key, :title, :body);

-- search_find: the indexed revision of a notice
SELECT key, idx, title, body FROM search_notice WHERE id = :id;

-- search_drop_text: its words
INSERT INTO search_text (search_text, rowid, title, body) VALUES ('delete', :key, :title, :body);

-- search_drop: the notice
DELETE FROM search_notice WHERE key = :key;

-- search_clear: before a rebuild
DELETE FROM search_notice;

-- search_clear_text: before a rebuild
INSERT INTO search_text (search_text) VALUES ('delete-all');

-- search_cursor: up to which log index the words are in
SELECT cursor, version FROM search_cursor;

-- search_cursor_put: the same, with the rows
UPDATE search_cursor SET cursor = :cursor, version = :version;

-- search_match: hits of an expression, newest first
SELECT n.key AS key, n.idx AS idx, n.id AS id, n.title AS title, n.body AS body
FROM search_text t CROSS JOIN search_notice n ON n.key = t.rowid
WHERE search_text MATCH :words AND n.idx < :published
AND t.rowid < :before --? before
AND n.sector = :sector --? sector
AND n.item = :item --? item
AND n.agency = :agency --? agency
AND n.place = :place --? place
AND n.county = :county --? county
AND n.city = :city --? city
AND n.province = :province --? province
AND t.rowid >= :from_key --? from_key
AND t.rowid < :to_key --? to_key
ORDER BY t.rowid DESC LIMIT :max_rows;

-- search_all: notices within the filters, newest first
SELECT n.key AS key, n.idx AS idx, n.id AS id, n.title AS title, n.body AS body
FROM search_notice n
WHERE n.idx < :published
AND n.key < :before --? before
AND n.sector = :sector --? sector
AND n.item = :item --? item
AND n.agency = :agency --? agency
AND n.place = :place --? place
AND n.county = :county --? county
AND n.city = :city --? city
AND n.province = :province --? province
AND n.key >= :from_key --? from_key
AND n.key < :to_key --? to_key
ORDER BY n.key DESC LIMIT :max_rows;

-- search_match_facets: what the hits of an expression divide into
SELECT n.sector AS sector, n.item AS item, n.county AS county, n.agency AS agency, n.year AS year
FROM search_text t CROSS JOIN search_notice n ON n.key = t.rowid
WHERE search_text MATCH :words AND n.idx < :published
AND n.sector = :sector --? sector
AND n.item = :item --? item
AND n.agency = :agency --? agency
AND n.place = :place --? place
AND n.county = :county --? county
AND n.city = :city --? city
AND n.province = :province --? province
AND t.rowid >= :from_key --? from_key
AND t.rowid < :to_key --? to_key
;

-- search_all_facets: what everything within the filters divides into
SELECT n.sector AS sector, n.item AS item, n.county AS county, n.agency AS agency, n.year AS year
FROM search_notice n
WHERE n.idx < :published
AND n.sector = :sector --? sector
AND n.item = :item --? item
AND n.agency = :agency --? agency
AND n.place = :place --? place
AND n.county = :county --? county
AND n.city = :city --? city
AND n.province = :province --? province
AND n.key >= :from_key --? from_key
AND n.key < :to_key --? to_key
;
