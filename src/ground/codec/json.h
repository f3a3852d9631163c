/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in and out (RFC 8259). The parser refuses duplicate keys, invalid UTF-8, lone surrogates, depth over the limit; it keeps the exact
 * text of numbers. Messages say line:column, what stood there and what would be accepted.
 * The canonical writer (RFC 8785, restricted as DESIGN §5 says) takes only null, bool, integers within ±(2^53−1), text, list, map with
 * ASCII keys; anything else is refused: documents and entries are made of nothing else.
 */
#ifndef CODEC_JSON_H
#define CODEC_JSON_H

#include "codec/val.h"

struct json_limits {
	size_t bytes;	/* of input; 0 = 16 MiB */
	unsigned depth; /* 0 = 64 */
	size_t nodes;	/* 0 = 1,000,000 */
};

/* One value and nothing after it. ERR_INPUT names line and column; ERR_LIMIT. */
MUST_CHECK bool json_parse(
    struct cx *cx, struct str text, const struct json_limits *limits, struct val **out);

/* Compact, members in order of insertion; leaves in machine form. */
void json_print(struct buf *b, const struct val *v);
/* Same, indented by two spaces, ends in a line end. */
void json_print_pretty(struct buf *b, const struct val *v);
/* One JSON string literal. */
void json_print_text(struct buf *b, struct str s);

/* ERR_INPUT names the path of what has no canonical form. */
MUST_CHECK bool json_canonical(struct cx *cx, const struct val *v, struct str *out);

#endif
