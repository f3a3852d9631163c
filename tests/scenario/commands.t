# The command line: help, examples, exit codes, and what is refused with a reason.

run gongkai
	exit 2
	out Commands
run gongkai --help
	out Commands
	match ^  import +
	match ^  serve +
run gongkai importt x
	exit 2
	err ~ did you mean "import"
run gongkai status --jsn
	exit 2
	err ~ no option --jsn for status
run gongkai export
	exit 2
	err ~ "export" needs a second word: export log
run gongkai held
	exit 2
	err ~ held list, held show
run gongkai serve --listen ''
	exit 2
	err ~ --listen needs a value
run gongkai prove
	exit 2
	err ~ prove needs ID

sh for c in $("$GONGKAI" --help | sed -n 's/^  \([a-z]*\( [a-z]*\)\?\)  .*/\1/p' | sed 's/ *$//'); do :; done; "$GONGKAI" --help | sed -n '/^Commands/,/^$/p' | sed -n 's/^  \(.\{16\}\) .*/\1/p' | sed 's/ *$//' | while read -r c; do "$GONGKAI" $c --help >help || exit 1; grep -q '^Examples$' help || { echo "$c has no examples"; exit 1; }; grep -q "gongkai.* ${c%% *}" help || { echo "$c: its examples do not show it"; exit 1; }; done

# Working days: the year's end of 2025 with its make-up days.
run gongkai workday 2025-01-24 20
	match 2025-02-27
run gongkai workday 2025-01-24 20 --json
	json /due = "2025-02-27"
run gongkai workday 2025-13-01 20
	exit 2
run gongkai workday 2025-01-24 x
	exit 2

run gongkai check $data
	last elements carried 267 of 267
sh mkdir bad && cp -r "$DATA"/* bad/ && rm -rf bad/samples && sed -i '0,/type: money/s//type: mony/' bad/sectors/works.yaml
run gongkai check bad
	exit 1
	match sectors/works\.yaml:\d+:\d+: .*mony.*money

run gongkai --home $dir/none status
	exit 3
	err ~ is no home
home --demo
run gongkai config --check
	out host = gongkai.example
	out demo = yes
run gongkai config --check --json
	json /host = "gongkai.example"
	json /demo = true
run gongkai serve --listen 127.0.0.1:70000
	exit 2
	err ~ 127\.0\.0\.1:70000' is no address to listen on
run gongkai config
	exit 2
sh echo 'lissten = 127.0.0.1:1' >>"$HOME_DIR/gongkai.conf"
run gongkai config --check
	exit 2
	err ~ gongkai\.conf:\d+: no key "lissten"; did you mean "listen"
sh sed -i '/lissten/d' "$HOME_DIR/gongkai.conf"
conf host a_b
run gongkai config --check
	exit 2
	err ~ gongkai\.conf:\d+: host is "a_b", no host name
conf host gongkai.example
run gongkai key show
	match ^gongkai\.example/log/1\+[0-9a-f]{8}\+
run gongkai status --json
	json /wrong = null
	json /size > 100
run gongkai catalogue load
	let size text
run gongkai catalogue load
	exit 0
run gongkai audit
	last ~ ^ok: size
