# A changed item is published beside a running server: at once the server knows it, old notices keep the version they were made with, and no request fails meanwhile.
%engines sqlite pg

sh mkdir domain && cp -r "$DATA"/* domain/ && rm -rf domain/samples
home --demo
conf data $dir/domain
# The same domain, from a folder: nothing to publish.
run gongkai catalogue load
	last ~ ^definitions: published 0, unchanged \d+, refused 0$
	let definitions ~ unchanged (\d+)
serve
begin import --profile land $samples/land-supply-beijing-2019h1.csv
end
	exit *
within 2 GET /n.json?item=land.supply-result
	json /any = true
	let id json /notices/0/id
GET /i/land.supply-result
	not 供应结果公告
GET /catalogue
	not 供应结果公告

# Without a new version it is refused, and what changed is named; nothing is published.
sh sed -i '/item: land.supply-result$/,/^    title:/s/^    title: .*/    title: {zh: 供应结果公告, en: Notice of the result of supply}/' domain/sectors/land.yaml
run gongkai catalogue load
	exit 1
	match refused: item/v1 land\.supply-result changed, but its version is still 1
	match title\.zh: .* → "供应结果公告"
	last ~ ^definitions: published 0, unchanged \d+, refused 1$
GET /i/land.supply-result
	not 供应结果公告

# Somebody reads all the time.
file reader.py
	| import sys, threading, urllib.request
	| failed = []
	| def read(path):
	|     n = 0
	|     while n < 400 and not failed:
	|         n += 1
	|         try:
	|             with urllib.request.urlopen(sys.argv[1] + path, timeout=10) as r:
	|                 r.read()
	|         except Exception as e:
	|             failed.append(f"{path}: {e}")
	| threads = [threading.Thread(target=read, args=(p,)) for p in sys.argv[2:]]
	| for t in threads: t.start()
	| for t in threads: t.join()
	| print("failed:", *failed) if failed else print("all answered")
sh python3 reader.py $URL /i/land.supply-result /catalogue /n/$ID /s/land >reader.out 2>&1 & sleep 0.3
sh sed -i '/item: land.supply-result$/,/version:/s/version: 1/version: 2/' domain/sectors/land.yaml
run gongkai catalogue load
	last ~ ^definitions: published 1, unchanged \d+, refused 0$
within 1 GET /i/land.supply-result
	has 供应结果公告
within 1 GET /catalogue
	has 供应结果公告
within 1 GET /en/catalogue
	has Notice of the result of supply
within 1 GET /catalogue.json
	has 供应结果公告
# The version that the notice was made with is shown as it was, and the notice still says it.
GET /i/land.supply-result@1
	not 供应结果公告
GET /i/land.supply-result@2
	has 供应结果公告
GET /n/$id/document
	json /item = "land.supply-result@1"
GET /n/$id
	status 200
# What comes now is made with the new version: a row of the same identity that says something else revises its notice.
GET /n.json?item=land.supply-result&agency=national.landchina
	json /any = true
sh head -2 "$SAMPLES"/land-supply-beijing-2019h1.csv | sed 's/北京经济技术开发区路南区N20U1地块/北京经济技术开发区路南区N20U2地块/' >one.csv
run gongkai import --profile land one.csv --report one.json
	out notices: published 0, revised 1
sh printf 'ID2=%s\n' "$(sed 's/.*"id":"\([^"]*\)".*/\1/' one.json)"
	let revised ~ ID2=(\S+)
within 1 GET /n/$revised/document
	json /item = "land.supply-result@2"
within 15 sh grep -q '^all answered$' reader.out || { cat reader.out; exit 1; }
# Again: nothing is new. A version that stands cannot come back.
run gongkai catalogue load
	last definitions: published 0, unchanged $definitions, refused 0
sh sed -i '/item: land.supply-result$/,/version:/s/version: 2/version: 1/' domain/sectors/land.yaml
run gongkai catalogue load
	exit 1
	match land\.supply-result
	last ~ refused 1$
# Bad data publishes nothing and the server keeps what it has.
sh sed -i 's/type: money/type: mony/' domain/sectors/works.yaml
run gongkai catalogue load
	exit 2
	err ~ mony
GET /i/land.supply-result
	has 供应结果公告
stop
# Nor does it start on bad data.
run gongkai serve --listen 127.0.0.1:0
	exit 2
	err ~ the data has \d+ mistakes, the first: sectors/works\.yaml:\d+:\d+: no type "mony"; did you mean "money"
run gongkai audit
	last ~ ^ok: size
