/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML data files, read through libyaml's events: every scalar is text with its line and column; we type them ourselves (a value that is
 * left out is null). Anchors, aliases, tags and several documents are refused, as are duplicate keys and keys that are no plain text.
 * Limits: 4 MiB, depth 16 (ERR_LIMIT).
 */
#ifndef CODEC_YAML_H
#define CODEC_YAML_H

#include "codec/val.h"

/* name is used in messages: "name:line:column: …". A text without any value (comments alone) is refused. */
MUST_CHECK bool yaml_parse(struct cx *cx, struct str name, struct str text, struct val **out);

#endif
