# A database from yesterday's copy, under today's `signed`: read-only, said aloud, and no act is accepted.

home --demo
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
sh mkdir yesterday today && cp "$HOME_DIR"/gongkai.db* yesterday
run gongkai status --json
	let before json /size
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv
	exit *
run gongkai status --json
	let after json /size
sh mv "$HOME_DIR"/gongkai.db* today && cp yesterday/* "$HOME_DIR"

run gongkai status
	exit 1
	match WRONG: .*$after
	out last time: unknown
run gongkai audit
	exit 1
	match $after
# Every act is refused, with what is missing, before anything of it is done.
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv --report refused
	exit 3
	err ~ ^gongkai: this home is read-only: .*$after
sh test ! -e refused
sh printf '{}' >document.json
run gongkai revise 360800-mining-2026-000001 document.json
	exit 3
	err ~ read-only: .*$after
run gongkai catalogue load
	exit 3
	err ~ read-only: .*$after
run gongkai held retry 1
	exit 3
	err ~ read-only: .*$after
run gongkai held drop 1
	exit 3
	err ~ read-only: .*$after
run gongkai rebuild
	exit 3
	err ~ read-only: .*$after
# What is there can still be looked at.
run gongkai held list
	err ~ read-only: 

serve
	out ~ ^read-only: 
GET /healthz
	match ^read-only: 
GET /
	status 200
GET /n.json?sector=mining
	let id json /notices/0/id
GET /n/$id
	has 首次公布
GET /n/$id/proof
	status 503
GET /verify?q=$id
	status 503
GET /log/1/checkpoint
	match ^$after$
GET /log/1/tile/entries/000.p/100
	has item/v1
run gongkai withdraw $id --ground duplicate --reason 重复
	exit 3
	err ~ read-only
stop

# Without `signed` nobody knows what was published: nothing is shown, and why is said.
sh rm "$HOME_DIR"/gongkai.db* && cp today/* "$HOME_DIR" && mv "$HOME_DIR/signed" today/signed.kept
run gongkai status
	exit 1
	match WRONG: .*signed is missing
run gongkai audit
	exit 1
	text WRONG: signed is missing
run gongkai withdraw $id --ground duplicate --reason 重复
	exit 3
	err ~ signed is missing
serve
GET /healthz
	match ^read-only: .*signed is missing
GET /
	status 200
GET /log/1/checkpoint
	status 503
stop
sh mv today/signed.kept "$HOME_DIR/signed"

# The right database again: all is well.
sh rm "$HOME_DIR"/gongkai.db* && cp today/* "$HOME_DIR"
run gongkai status
	out state:     ok
run gongkai audit
	last ~ ^ok: size $after 
