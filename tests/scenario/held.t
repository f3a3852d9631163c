# Rows that did not become notices: kept, named, retried, dropped.
%engines sqlite pg

home --demo
file bad.csv
	| infoid,publish_date,title
	| x,2025-03-21,y
run gongkai import --profile yichang-award-results bad.csv
	exit *
	not published 1
	err ~ column
run gongkai import --profile no-such-profile bad.csv
	exit *
	err ~ yichang-award-results
run gongkai import --profile yichang-award-results none.csv
	exit 3

# One row without a title, one with wrong columns, one whose text holds a mobile number, one that is fine.
sh python3 - <<'END'
	| import csv, os
	| rows = list(csv.reader(open(os.environ["SAMPLES"] + "/notices-yichang-award-results.csv", encoding="utf-8")))
	| head, good = rows[0], rows[1:5]
	| good[1][head.index("title")] = ""
	| good[2][head.index("scope")] = "联系电话13812345678，联系人身份证号11010519491231002X"
	| out = csv.writer(open("rows.csv", "w", encoding="utf-8"), lineterminator="\r\n")
	| out.writerows([head, good[0], good[1], good[2], good[3][:5]])
	| END
run gongkai import --profile yichang-award-results rows.csv --report report
	exit 1
	out notices: published 1, revised 0
	last rows: published 1, held 2, revised 0, unchanged 0, failed 1
sh python3 -c 'import json;rows=[json.loads(l) for l in open("report",encoding="utf-8")];print([r["outcome"] for r in rows],[r["line"] for r in rows])'
	text ['published', 'held', 'held', 'failed'] [2, 3, 4, 5]
run gongkai held list
	match held
	let held ~ ^\s*(\d+)
run gongkai held list --json
	has "issues"
run gongkai held list --outcome nonsense
	exit 2
run gongkai held show $held
	out ~ ^error  title-missing  title
	has YCA020032-202502-01(2)
run gongkai held retry $held
	exit 1
run gongkai held drop $held
run gongkai held show $held
	exit 3
# The same file again: what is published is unchanged, what is held is held.
run gongkai import --profile yichang-award-results rows.csv
	exit 1
	out notices: published 0, revised 0
	last rows: published 0, held 2, revised 0, unchanged 1, failed 1
# New content under the same identity is a revision.
sh sed -i 's/420日历天/421日历天/' rows.csv
run gongkai import --profile yichang-award-results rows.csv
	exit 1
	out notices: published 0, revised 1
	last rows: published 0, held 2, revised 1, unchanged 0, failed 1
# GB18030 is recognised.
sh iconv -f UTF-8 -t GB18030 rows.csv >gb.csv
run gongkai import --profile yichang-award-results gb.csv
	exit 1
	last rows: published 0, held 2, revised 0, unchanged 1, failed 1
run gongkai audit
	last ~ ^ok: size
# A waiver of one kind of hidden character carries no other along; what says why passes the gate too.
sh python3 - <<'END'
	| import csv, os
	| rows = list(csv.reader(open(os.environ["SAMPLES"] + "/notices-yichang-award-results.csv", encoding="utf-8")))
	| head, good = rows[0], rows[9]
	| good[head.index("scope")] = "甲\u200b乙\ue000丙"
	| csv.writer(open("hidden.csv", "w", encoding="utf-8")).writerows([head, good])
	| END
run gongkai import --profile yichang-award-results hidden.csv
	exit 1
run gongkai held list
	let hidden ~ (?m)^\s*(\d+)  held  hidden.csv
run gongkai held retry $hidden --waive text-zero-width --reason 来源如此
	exit 1
	last rows: published 0, held 1, revised 0, unchanged 0, failed 0
run gongkai held retry $hidden --waive text-zero-width,text-private-use --reason 联系13812345678
	exit 2
	err ~ --reason is published
run gongkai held retry $hidden --waive text-zero-width,text-private-use --reason 来源如此
	last rows: published 1, held 0, revised 0, unchanged 0, failed 0
