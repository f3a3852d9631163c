# A correction and a withdrawal are entries; the old stays, and the page says what changed.
%engines sqlite pg

home --demo
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
serve
GET /n.json
	let id json /notices/0/id
	let other json /notices/1/id
	let old json /notices/0/link/label
GET /n/$id/document
	header Content-Type: ~ ^application/json
sh python3 -c 'import json,os,urllib.request as r;d=json.load(r.urlopen(os.environ["URL"]+"/n/"+os.environ["ID"]+"/document"));d["title"]="更正后的标题";d["note"]={"text":"标题写错"};json.dump(d,open("new.json","w"),ensure_ascii=False)'
run gongkai revise $id new.json
	match revision 2
within 1 GET /n/$id
	has 更正后的标题
	has $old
GET /n/$id.json
	json /revision = 2
	json /revisions # 2
	json /title = "更正后的标题"
GET /n/$id@1
	has $old
GET /n/$id@1.json
	json /revision = 1
	json /older_revision/shown = 1
GET /n/$id@2/entry
	has "corrects":{"index":
# The same again is nothing new; an empty correction is refused.
run gongkai revise $id new.json
	exit *
GET /n/$id.json
	json /revisions # 2
run gongkai revise 360800-mining-1999-000001 new.json
	exit 3
# What an officer writes is published: it passes the gate too.
run gongkai revise $id new.json --kind 3 --reason 联系13812345678
	exit 2
	err ~ --reason is published
# A reissue says the same again, and is an entry.
run gongkai revise $id new.json --kind 3 --reason 重新公告
	match revision 3
GET /n/$id.json
	json /revisions # 3
file broken.json
	| {"item":
run gongkai revise $id broken.json
	exit 2

run gongkai withdraw $other --ground nothing --reason 重复公布
	exit 2
	err ~ duplicate
run gongkai withdraw $other --ground duplicate
	exit 2
run gongkai withdraw $other --ground duplicate --reason 同一公告，联系13812345678
	exit 2
run gongkai withdraw $other --ground duplicate --reason 同一公告发布了两次
	exit 0
within 1 GET /n/$other
	has 本公告已撤回
	has 同一公告发布了两次
GET /n/$other.json
	json /withdrawal/reason = "同一公告发布了两次"
GET /n/$other/entry
	match ^withdrawal/v1$
# The text form says so too, also under the address of the revision that was withdrawn.
GET /n/$other/text
	has 本公告已撤回
	has 理由：同一公告发布了两次
	has 公告编号：$other@1
GET /n/$other@1/text
	has 本公告已撤回
GET /en/n/$other/text
	has Published twice
GET /n/$id@1/text
	has 不是现行版本
GET /n/$id/text
	not 不是现行版本
	has 存证序号：
run gongkai withdraw $other --ground duplicate --reason 再来一次
	exit 3
stop
run gongkai audit
	last ~ ^ok: size
run gongkai rebuild
run gongkai audit
	last ~ ^ok: size
