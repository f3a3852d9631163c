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
run gongkai audit
	exit 1
	match $after
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv
	exit 3
	err ~ read-only
run gongkai rebuild
	exit 3
	err ~ read-only

serve
	out ~ ^read-only: 
GET /healthz
	match ^read-only: 
GET /
	status 200
GET /n.json?sector=mining
	let id json /notices/0/id
run gongkai withdraw $id --ground duplicate --reason 重复
	exit 3
	err ~ read-only
stop

# The right database again: all is well.
sh rm "$HOME_DIR"/gongkai.db* && cp today/* "$HOME_DIR"
run gongkai status
	out state:     ok
run gongkai audit
	last ~ ^ok: size $after 
