# The log as others see it: checkpoint, tiles, bundles, proofs, a mirror, an audit over HTTP.
%engines sqlite pg

home --demo
	let vkey ~ ^key: (.+)$
run gongkai import --profile land $samples/land-supply-beijing-2019h1.csv
	exit *
	out ~ ^notices: published \d+
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
run gongkai status --json
	let size json /size
	let root json /root

serve
GET /log/1/checkpoint
	header Content-Type: ~ ^text/plain
	header Cache-Control: ~ no-cache|no-store|max-age=[0-5]\b
	match ^gongkai\.example/log/1\n$size\n
	has $root
	match ^— gongkai\.example/log/1 
GET /log/1/tile/0/000
	status 200
	header Cache-Control: ~ immutable
GET /log/1/tile/0/000.p/7
	header Cache-Control: ~ immutable
GET /log/1/tile/entries/000
	has item/v1
GET /log/1/tile/0/x999/999
	status 404
GET /log/1/tile/0/999
	status 404
GET /log/1/tile/64/000
	status 404
GET /log/1/tile/0/000.p/256
	status 404
GET /log/1/tile/0/000.p/0
	status 404
GET /log/2/checkpoint
	status 404

run gongkai audit $url --key $vkey
	last ok: size $size root $root
run gongkai audit $url --key gongkai.example/log/1+00000000+AAAA
	exit 2
run gongkai audit $url
	exit 2
	err ~ needs --key
run gongkai export log mirror
	out ~ ^wrote $size entries as tiles to mirror$
# Again: brought up to date. A folder of other files, or of another log, is left as it is.
run gongkai export log mirror
	exit 0
sh mkdir other-files && touch other-files/kept
run gongkai export log other-files
	exit 3
	err ~ other-files is not empty \(it holds kept\) and no mirror
sh test "$(ls other-files)" = kept && mkdir other-log && sed 's/gongkai\.example/elsewhere.example/' mirror/checkpoint >other-log/checkpoint
run gongkai export log other-log
	exit 3
	err ~ other-log/checkpoint, which must be of this log
sh cmp mirror/checkpoint <(python3 -c 'import os,urllib.request;import sys;sys.stdout.buffer.write(urllib.request.urlopen(os.environ["URL"]+"/log/1/checkpoint").read())')
sh python3 -c 'import os,urllib.request;u=os.environ["URL"];a=open("mirror/tile/0/000","rb").read();b=urllib.request.urlopen(u+"/log/1/tile/0/000").read();assert a==b and len(a)==8192'

GET /n.json?sector=land
	let id json /notices/0/id
GET /n/$id.json
	let digest json /proof/digest
	let index json /index
# The digest is SHA-256 of salt and document, both served.
sh python3 -c 'import os,urllib.request as r,hashlib;u=os.environ["URL"]+"/n/"+os.environ["ID"];g=lambda p:r.urlopen(u+p).read();print(hashlib.sha256(g("/salt")+g("/document")).hexdigest())'
	text $digest
GET /n/$id/proof
	match ^c2sp\.org/tlog-proof@v1$
sh python3 -c 'import os,urllib.request as r;open("p","wb").write(r.urlopen(os.environ["URL"]+"/n/"+os.environ["ID"]+"/proof").read())'
run gongkai verify p --key $vkey
	out ~ ^ok: entry $index of 
	out ~ ^notice: $id revision 1, logged 
run gongkai verify p
	out ~ ^ok: entry $index of 
# Someone else's key, or another entry, does not.
flip p 60
run gongkai verify p --key $vkey
	exit 1
	out ~ ^WRONG: 
file other
	| notice/v1
	| {"id":"$id"}
flip p 60
run gongkai verify p --key $vkey --entry other
	exit 1
run gongkai verify p --key example.com/x+00000000+AAAA
	exit 2
	err ~ the verifier key of example\.com/x
flip p 60
run gongkai verify p --key $vkey --json
	exit 1
	json /ok = false
	json /finding ~ .
flip p 60
run gongkai verify p --key $vkey --json
	json /ok = true
	json /id = "$id"
	json /index = $index
run gongkai key show --json
	json /vkey = "$vkey"
stop
