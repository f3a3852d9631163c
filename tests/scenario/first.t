# The spine: a file of real notices becomes entries of the log, and pages.
%engines sqlite pg

home --demo
	out ~ ^log: gongkai\.example/log/1, \d+ entries \(the catalogue\)$
	let vkey ~ ^key: (.+)$

run gongkai import --profile jiangxi $samples/notices-jiangxi-2026-03.jsonl
	exit *
	out ~ ^notices: published \d+, revised 0$
	last ~ ^rows: published \d+, held \d+, revised 0, unchanged 0, failed 0$

run gongkai audit
	last ~ ^ok: size \d+ root [A-Za-z0-9+/]{43}=$

run gongkai status
	out state:     ok

serve
	out ~ ^http://127\.0\.0\.1:\d+/$

GET /
	header Content-Type: text/html; charset=utf-8
	header Content-Security-Policy: ~ default-src 'none'
	has 样例
	match <a href="/n/360800-works-\d{4}-\d{6}"

GET /n?sector=works
	match <a href="/n/360800-works-\d{4}-\d{6}"

GET /n.json?sector=works
	header Content-Type: ~ ^application/json
	let id json /notices/0/id
	let title json /notices/0/link/label

GET /n/$id
	has $title
	has 本平台存证
	has 首次公布

GET /en/n/$id
	has $title
	has lang="en"

GET /n/$id
	> Accept: application/json
	header Content-Type: ~ ^application/json
	header Vary: ~ Accept
	json /id = "$id"
	json /revision = 1
	let index json /index

GET /n/$id/entry
	match ^notice/v1$
	has "id":"$id"

GET /log/1/checkpoint
	match ^gongkai\.example/log/1$

GET /search?q=$id
	has $id

GET /healthz
	text ok

GET /no-such-page
	status 404

run gongkai --home $home prove $id --out proof
	out ~ ^proof: entry \d+ of $id, revision 1$
run gongkai verify proof --key $vkey
	out ~ ^ok: entry $index of gongkai\.example/log/1, size \d+$

stop
