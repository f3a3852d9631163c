# All real samples: what is published, what is held and why; a second run adds nothing.
%engines sqlite pg

home --demo
run gongkai import --profile yichang-award-results $samples/notices-yichang-award-results.csv --report yichang-award-results
	exit *
run gongkai import --profile yichang-candidates $samples/notices-yichang-candidates.csv --report yichang-candidates
	exit *
run gongkai import --profile jiangxi $samples/notices-jiangxi-2026-03.jsonl --report jiangxi
	exit *
run gongkai import --profile national $samples/notices-national-2026-03.jsonl --report national
	exit *
run gongkai import --profile opening $samples/bid-opening-1528-bidders-2026-03-16.csv --report opening
	exit *
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv --report land
	exit *
run gongkai import --profile mining $samples/mining-rights-2026-09.csv --report mining
	exit *
run gongkai audit
	last ~ ^ok: size
run gongkai status
	out state:     ok
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv
	exit *
	out notices: published 0, revised 0
