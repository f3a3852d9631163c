# Every page in Chinese, in English and as JSON, and what leads from one to the next.

home --demo
run gongkai import --profile yichang-candidates $samples/notices-yichang-candidates.csv
	exit *
run gongkai import --profile yichang-award-results $samples/notices-yichang-award-results.csv
	exit *
run gongkai import --profile opening $samples/bid-opening-1528-bidders-2026-03-16.csv
	exit *
	out notices: published 1, revised 0
serve

GET /
	has /s/works
GET /en/
	has lang="en"
GET /
	> Accept: application/json
	json /sectors # 10
GET /s/works
	has 工程建设
GET /en/s/works
	has lang="en"
GET /s/works.json
	json /any = true
GET /n
	has <table
GET /n.json
	json /notices # 100
	let older json /older/href
GET $older
	has <table
GET /n?item=works.candidates&from=2025-07-01&to=2025-07-31
	match 2025[-年]0?7
GET /n?before=2025-08-01
	has <table
GET /n.json?item=works.candidates
	let candidates json /notices/0/id
GET /n.json?item=works.opening-record
	let opening json /notices/0/id
GET /n/$opening
	has 1528
	has <meta name="PubDate" content="2026-03-16
	match <meta name="ArticleTitle" content="[^"]+">
	has <meta name="ColumnName" content="开标记录">
GET /n/$opening.json
	json /tables/0/total = 1528
	json /tables/0/rows # 100
GET /n/$candidates.json
	let agency json /agency/href
	let place json /place_link/href
	let project json /project/link/href
	let item json /item_link/href
GET $agency
	status 200
GET /en$agency
	has lang="en"
GET $agency.json
	json /any = true
GET $place
GET $place.json
	json /any = true
GET $project
	has 中标候选人
GET $project.json
	json /notices > 0
GET $item
GET $item.json
	json /fields_total > 3
GET /i/works.candidates@1
GET /i/works.candidates/document
	status *
GET /catalogue
	has works.candidates
	has <meta name="ColumnName" content="主动公开目录清单">
GET /catalogue.json
	json /total = 106
GET /catalogue?sector=housing
GET /catalogue.csv
	status *
GET /calendar
GET /calendar?from=2025-01-24&days=20&unit=workday
	has 2025
GET /calendar.json?from=2025-01-24&days=20&unit=workday
	json /result/due = "2025-02-27"
GET /search
GET /search?q=公园
	has <mark>
GET /search.json?q=公园
	json /total > 0
GET /search.json?q=$opening
	json /total = 1
GET /search?q=无此事物甲乙丙
	not <mark>
GET /verify
GET /verify?q=$candidates
	has 相符
GET /verify.json?q=$candidates
	json /result/match = true
GET /verify.json?q=360800-works-1999-000001
	json /result/unknown = true
sh python3 -c 'import os,urllib.request as r;open("doc","wb").write(r.urlopen(os.environ["URL"]+"/n/"+os.environ["CANDIDATES"]+"/document").read())'
POST /verify
	upload file doc
	has 相符
flip doc -20
POST /verify
	upload file doc
	not <h2>相符
GET /about
	has gongkai.example/log/1
GET /accessibility
GET /sitemap
	has /s/works
GET /n/$candidates/document
GET /n/$candidates/salt
GET /n/$candidates/entry
GET /n/$candidates/proof
stop
