# The life of a home: made once, refused over others' files, rebuilt to the same, under a clock that may not run back.

clock 2026-03-17T09:00:00+08:00
home
	exit 2
	err ~ --host
# Nothing is made when it could not be finished.
run gongkai init --host -x
	exit 2
	err ~ "-x" is no host name
run gongkai init --host a..b
	exit 2
run gongkai init --demo --db postgres://127.0.0.1:1/none
	exit 3
	err ~ PostgreSQL
sh test ! -e "$HOME_DIR"
# An empty folder that others may read: what may hold private rows is for its owner alone.
sh mkdir -m 755 "$HOME_DIR"
home --host ggzy.jian.gov.cn
	match ^log: ggzy\.jian\.gov\.cn/log/1, 
home --host ggzy.jian.gov.cn
	exit *
	err ~ is not empty
# Placeholders of site.yaml are shown to nobody; a plain home knows no bodies of other cities.
run gongkai serve --listen 127.0.0.1:0
	exit 2
	err ~ site\.yaml still holds the placeholder
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv --report r
	exit 1
	out notices: published 0, revised 0
	last ~ ^rows: published 0, held \d+, revised 0, unchanged 0, failed 0$
sh mv "$HOME_DIR" plain
sh stat -c %a plain/keys/log.seed
	text 600
sh stat -c %a plain/gongkai.db
	text 640

home --demo
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
# The number's year is that of Beijing's clock.
clock 2027-01-01T00:00:30+08:00
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv
	exit *
serve
GET /n.json?sector=land
	json /notices/0/id ~ ^360800-land-2027-
GET /n.json?sector=mining
	json /notices/0/id ~ ^360800-mining-2026-
stop
# Publication is held while the clock stands behind the last entry.
clock 2026-06-01T09:00:00+08:00
run gongkai import --profile jiangxi $samples/notices-jiangxi-2026-03.jsonl
	exit 1
	out ~ ^rows: published 0, held 68,
run gongkai held list
	out ~ refused
clock 2027-01-02T09:00:00+08:00
run gongkai import --profile jiangxi $samples/notices-jiangxi-2026-03.jsonl
	exit *
	out ~ ^notices: published \d+

# A home that lost its views builds them again, equal to the last byte.
serve
sh for p in /n.json /n.json?sector=works /search.json?q=工程 /s/works.json /catalogue.json /sitemap.json; do python3 -c 'import os,sys,urllib.request as r,urllib.parse as q;print(r.urlopen(os.environ["URL"]+q.quote(sys.argv[1],safe="/?=&")).read().decode())' "$p"; done | sha256sum
	let views text
stop
run gongkai rebuild
	out ~ ^rebuilt the views of \d+ entries$
sh rm -rf "$HOME_DIR"/index/*
run gongkai rebuild
serve
sh for p in /n.json /n.json?sector=works /search.json?q=工程 /s/works.json /catalogue.json /sitemap.json; do python3 -c 'import os,sys,urllib.request as r,urllib.parse as q;print(r.urlopen(os.environ["URL"]+q.quote(sys.argv[1],safe="/?=&")).read().decode())' "$p"; done | sha256sum
	text $views
stop

# A home whose path is too long for a socket, by its name and from within: commands beside its server find it.
sh d="$PWD/$(printf 'l%.0s' {1..60})/$(printf 'm%.0s' {1..60})"
	| mkdir -p "${d%/*}" && "$GONGKAI" --home "$d" init --demo >/dev/null
	| "$GONGKAI" --home "$d" serve --listen 127.0.0.1:0 >served 2>/dev/null & server=$!
	| for i in {1..100}; do grep -q ^http served && break; sleep 0.1; done
	| stat -c %a "$d/control.sock"
	| "$GONGKAI" --home "$d" import --profile mining "$SAMPLES/mining-rights-2026-09.csv" 2>/dev/null | head -1
	| cd "$d" && "$GONGKAI" --home . import --profile mining "$SAMPLES/mining-rights-2026-09.csv" 2>/dev/null | head -1
	| kill $server && wait $server && test ! -e control.sock
	match 600\nnotices: published 31, revised 0\nnotices: published 0, revised 0
