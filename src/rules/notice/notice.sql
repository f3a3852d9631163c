-- notice_insert: one revision
INSERT INTO notice_revision (idx, id, revision, kind, item, version, sector, agency, place, county, city, province, title, formed_on,
	public_on, platform, time, superseded, digest_key, phase, closes, brief)
VALUES (:idx, :id, :revision, :kind, :item, :version, :sector, :agency, :place, :county, :city, :province, :title, :formed_on,
	:public_on, :platform, :time, 0, :digest_key, :phase, :closes, :brief);

-- notice_supersede: the revision before this one is no longer current
UPDATE notice_revision SET superseded = :idx WHERE id = :id AND revision = :revision;

-- notice_last: the newest revision of an id, published or not (the sequencer's view)
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision WHERE id = :id ORDER BY revision DESC LIMIT 1;

-- notice_find: a revision below the published size; the current one when no revision is asked for
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision WHERE id = :id AND idx < :published
AND revision = :revision --? revision
ORDER BY revision DESC LIMIT 1;

-- notice_by_index: the revision that this entry made
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision WHERE idx = :idx AND idx < :published;

-- notice_revisions: all published revisions, oldest first
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision WHERE id = :id AND idx < :published ORDER BY revision;

-- notice_list: current notices, newest first, by keys
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision
WHERE idx < :published AND (superseded = 0 OR superseded >= :published)
AND item = :item --? item
AND sector = :sector --? sector
AND agency = :agency --? agency
AND place = :place --? place
AND county = :county --? county
AND city = :city --? city
AND province = :province --? province
AND public_on >= :from_on --? from_on
AND public_on <= :to_on --? to_on
AND phase = :phase --? phase
AND closes > :closes --? closes
AND (public_on, idx) < (:before_on, :before_idx) --? before_on
ORDER BY public_on DESC, idx DESC LIMIT :max_rows;

-- notice_after: as notice_list, oldest first, for the way back
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision
WHERE idx < :published AND (superseded = 0 OR superseded >= :published)
AND item = :item --? item
AND sector = :sector --? sector
AND agency = :agency --? agency
AND place = :place --? place
AND county = :county --? county
AND city = :city --? city
AND province = :province --? province
AND public_on >= :from_on --? from_on
AND public_on <= :to_on --? to_on
AND phase = :phase --? phase
AND closes > :closes --? closes
AND (public_on, idx) > (:after_on, :after_idx)
ORDER BY public_on, idx LIMIT :max_rows;

-- notice_count_item: current notices by item
SELECT item AS key, COUNT(*) AS n, MAX(public_on) AS latest FROM notice_revision
WHERE idx < :published AND (superseded = 0 OR superseded >= :published)
AND item > :item_from --? item_from
AND item < :item_to --? item_to
AND agency = :agency --? agency
AND place = :place --? place
AND county = :county --? county
AND city = :city --? city
AND province = :province --? province
GROUP BY item ORDER BY item;

-- notice_count_sector: current notices by sector
SELECT sector AS key, COUNT(*) AS n, MAX(public_on) AS latest FROM notice_revision
WHERE idx < :published AND (superseded = 0 OR superseded >= :published)
AND agency = :agency --? agency
AND place = :place --? place
AND county = :county --? county
AND city = :city --? city
AND province = :province --? province
GROUP BY sector ORDER BY sector;

-- notice_count_agency: current notices by agency
SELECT agency AS key, COUNT(*) AS n, MAX(public_on) AS latest FROM notice_revision
WHERE idx < :published AND (superseded = 0 OR superseded >= :published)
AND item = :item --? item
AND sector = :sector --? sector
AND place = :place --? place
AND county = :county --? county
AND city = :city --? city
AND province = :province --? province
GROUP BY agency ORDER BY agency;

-- notice_count_county: current notices by county
SELECT county AS key, COUNT(*) AS n, MAX(public_on) AS latest FROM notice_revision
WHERE idx < :published AND (superseded = 0 OR superseded >= :published)
AND item = :item --? item
AND sector = :sector --? sector
AND agency = :agency --? agency
GROUP BY county ORDER BY county;

-- notice_identity_find: where a foreign identity stands here
SELECT id, content FROM notice_identity WHERE platform = :platform AND day = :day AND identity = :identity;

-- notice_identities_find: sqlite
SELECT k.key AS at, i.id AS id, i.content AS content,
	(SELECT COALESCE(MAX(r.idx), -1) FROM notice_revision r WHERE r.id = i.id AND r.idx < :published) AS idx
FROM json_each(:keys) k CROSS JOIN notice_identity i
WHERE i.platform = json_extract(k.value, '$[0]') AND i.day = json_extract(k.value, '$[1]') AND i.identity = json_extract(k.value, '$[2]');

-- notice_identities_find: postgres
SELECT k.at - 1 AS at, i.id AS id, i.content AS content,
	(SELECT COALESCE(MAX(r.idx), -1) FROM notice_revision r WHERE r.id = i.id AND r.idx < :published) AS idx
FROM json_array_elements(CAST(:keys AS json)) WITH ORDINALITY AS k (v, at)
CROSS JOIN LATERAL (SELECT s.id, s.content FROM notice_identity s
	WHERE s.platform = k.v->>0 AND s.day = k.v->>1 AND s.identity = k.v->>2 LIMIT 1) i;

-- notice_identity_put: remember it
INSERT INTO notice_identity (platform, day, identity, id, content) VALUES (:platform, :day, :identity, :id, :content)
ON CONFLICT (platform, day, identity) DO UPDATE SET id = EXCLUDED.id, content = EXCLUDED.content;

-- notice_clear: before a rebuild
DELETE FROM notice_revision;

-- notice_identity_clear: before a rebuild
DELETE FROM notice_identity;

-- notice_count: how many a list has, counted no further than max_rows; +idx, because SQLite would walk the table instead of a narrow index
SELECT COUNT(*) AS n FROM (SELECT 1 FROM notice_revision
WHERE +idx < :published AND (superseded = 0 OR superseded >= :published)
AND item = :item --? item
AND sector = :sector --? sector
AND agency = :agency --? agency
AND place = :place --? place
AND county = :county --? county
AND city = :city --? city
AND province = :province --? province
AND public_on >= :from_on --? from_on
AND public_on <= :to_on --? to_on
AND phase = :phase --? phase
AND closes > :closes --? closes
LIMIT :max_rows) AS counted;

-- notice_closing: current notices of a phase that close after this moment, nearest first
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision
WHERE phase = :phase AND closes > :closes AND idx < :published AND (superseded = 0 OR superseded >= :published)
AND sector = :sector --? sector
ORDER BY closes, idx LIMIT :max_rows;

-- notice_digest: revisions whose digest begins so, in one block of the log
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision WHERE digest_key = :digest_key AND idx < :published ORDER BY idx DESC LIMIT 100;

-- notice_titled: revisions of an item with this title, first public in this period
SELECT idx, id, revision, kind, item, version, sector, agency, place, title, formed_on, public_on, platform, time, superseded, phase, closes,
	brief
FROM notice_revision
WHERE item = :item AND public_on >= :from_on AND public_on <= :to_on AND title = :title AND idx < :published
ORDER BY public_on DESC, idx DESC LIMIT 20;
