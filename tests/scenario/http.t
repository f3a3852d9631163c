# The door: what is refused, and how; conditional requests; the limits of one address.

home --demo
run gongkai import --profile mining $samples/mining-rights-2026-09.csv
	exit *
serve
GET /n.json
	let id json /notices/0/id

# Every unknown path, suffix and number gives the same answer.
GET /n/360800-mining-1999-000001
	status 404
	let one ~ (<h1>.*</h1>)
GET /nothing
	status 404
	has $one
GET /n/$id.xml
	status 404
	has $one
GET /n/$id/nothing
	status 404
GET /n/$id@99
	status 404
GET /i/no.such-item
	status 404
GET /p/none
	status 404
GET /a/none
	status 404
GET /r/999999
	status 404
GET /s/none
	status 404
GET /static/../gongkai.conf
	status 404
GET /static/%2e%2e/gongkai.conf
	status 404
GET /n/%ff
	status 404
GET /no.json
	status 404
	has $one
GET /nothing
	> Accept: application/json
	status 404
	header Content-Type: ~ ^application/json

# Parameters: only those that the route names, each once.
GET /n?nothing=1
	status 400
	has nothing
GET /n?sector=mining&sector=land
	status 400
GET /n.json?from=2026-99-99
	status 400
	json /issues # 1
GET /n?before=x%00y
	status 400
GET /search?q=%ff
	status 400

# Methods.
POST /
	form a=b
	status 413
POST /
	status 405
	header Allow: ~ GET
DELETE /n/$id
	status 405
OPTIONS /
	status 405
HEAD /n/$id
	header Content-Type: text/html; charset=utf-8
	empty
POST /settings
	> Origin: http://evil.example
	form size=l&back=/
	status 403
POST /settings
	form size=l&back=/n
	status 303
	header Location: /n
	header Set-Cookie: ~ ^look=l; Path=/; 
POST /settings
	form size=l&back=//evil.example/
	status 303
	header Location: /
GET /theme.css
	> Cookie: look=lh
	header Vary: ~ Cookie
	header Cache-Control: ~ private
GET /theme.css
	header Content-Type: text/css; charset=utf-8

# Headers of every page; a page is a stranger to all others.
GET /n/$id
	header X-Content-Type-Options: nosniff
	header Content-Security-Policy: ~ frame-ancestors 'none'
	header Referrer-Policy: ~ .
	header Set-Cookie: -
	let etag header ETag
GET /n/$id
	> If-None-Match: $etag
	status 304
	empty
GET /n/$id
	> If-None-Match: "other"
GET /n/$id
	> Accept-Encoding: gzip
GET /n/$id
	> Accept-Encoding: gzip
	header Content-Encoding: gzip
	header Vary: ~ Accept-Encoding
GET /n/$id
	> Host: evil.example
	not evil.example
GET /static/gongkai.css
	header Content-Type: text/css; charset=utf-8

# Requests that two servers could read in two ways.
raw POST /settings HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
	status 400
	header closed: yes
raw POST /settings HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde
	status 400
	header closed: yes
raw POST /settings HTTP/1.1\r\nHost: x\r\nContent-Length : 40\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n
	status 400
	header closed: yes
	not ok
raw GET /healthz HTTP/1.1\r\n\r\n
	status 400
	header closed: yes
raw GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n
	status 400
	header closed: yes
raw GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\n\r\n
	status *
	not \nok\n
	header closed: yes
raw GET /healthz /x HTTP/1.1\r\nHost: x\r\n\r\n
	status 400
	header closed: yes
raw GET /healthz HTTP/1.1\r\nHost: x\r\nBad\x00Name: 1\r\n\r\n
	status 400
	header closed: yes
raw GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n
	status 200
	header closed: yes
stop

# A hundred requests a second and no more, unless the home says otherwise; the answer says when to come again.
conf rate 20
serve
sh for i in $(seq 60); do python3 -c 'import os,http.client as h,sys;c=h.HTTPConnection("127.0.0.1",int(os.environ["PORT"]));n={};[(c.request("GET","/about"),(lambda r:(r.read(),n.__setitem__(r.status,n.get(r.status,0)+1)))(c.getresponse())) for _ in range(60)];print(sorted(n.items()))'; break; done
	match \(200, \d+\), \(429, \d+\)
sleep 1.2
GET /about
	status 200
stop
