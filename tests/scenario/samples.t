# All real samples: what is published, what is held and why; a second run adds nothing.
%engines sqlite pg

home --demo
run gongkai import --profile yichang-award-results $samples/notices-yichang-award-results.csv --report yichang-award-results
	exit 1
	out notices: published 1180, revised 0
	last rows: published 1180, held 1, revised 0, unchanged 0, failed 0
run gongkai import --profile yichang-candidates $samples/notices-yichang-candidates.csv --report yichang-candidates
	exit 1
	out notices: published 1077, revised 0
	last rows: published 3360, held 3, revised 0, unchanged 0, failed 0
run gongkai import --profile jiangxi $samples/notices-jiangxi-2026-03.jsonl --report jiangxi
	exit 0
	out notices: published 68, revised 0
	last rows: published 68, held 0, revised 0, unchanged 0, failed 0
run gongkai import --profile national $samples/notices-national-2026-03.jsonl --report national
	exit 1
	out notices: published 60, revised 0
	last rows: published 60, held 9, revised 0, unchanged 0, failed 0
run gongkai import --profile opening $samples/bid-opening-1528-bidders-2026-03-16.csv --report opening
	exit 0
	out notices: published 1, revised 0
	last rows: published 1528, held 0, revised 0, unchanged 0, failed 0
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv --report land
	exit 1
	out notices: published 183, revised 0
	last rows: published 183, held 6, revised 0, unchanged 0, failed 0
run gongkai import --profile mining $samples/mining-rights-2026-09.csv --report mining
	exit 0
	out notices: published 31, revised 0
	last rows: published 31, held 0, revised 0, unchanged 0, failed 0
# Held, and why: each line of a file with the rules that its rows broke.
file held.py
	| import json
	| for name in ("yichang-award-results", "yichang-candidates", "national", "land"):
	|     for line in open(name, encoding="utf-8"):
	|         row = json.loads(line)
	|         if row["outcome"] != "published":
	|             print(name, row["line"], row["outcome"], *sorted({i["rule"] for i in row["issues"]}))
sh python3 held.py
	out yichang-award-results 1098 held text-zero-width
	out yichang-candidates 2793 held text-zero-width
	out national 1 held empty-term
	out national 3 held date-form
	out national 17 held empty-correction
	out national 24 held text-zero-width
	out national 25 held no-markup party-is-no-name
	out national 41 held empty-correction zero-amount
	out land 51 held empty-term
sh python3 held.py | wc -l
	text 19
run gongkai audit
	last ~ ^ok: size
run gongkai status
	out state:     ok

# The same files again: no entry more.
run gongkai status --json
	let size json /size
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv
	exit 1
	out notices: published 0, revised 0
	last rows: published 0, held 6, revised 0, unchanged 183, failed 0
run gongkai import --profile opening $samples/bid-opening-1528-bidders-2026-03-16.csv
	exit 0
	last rows: published 0, held 0, revised 0, unchanged 1528, failed 0
run gongkai import --profile yichang-candidates $samples/notices-yichang-candidates.csv
	exit 1
	last rows: published 0, held 3, revised 0, unchanged 3360, failed 0
run gongkai status --json
	json /size = $size
