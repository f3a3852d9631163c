/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSONTestSuite: y_ must be accepted, n_ refused, i_ is either (what we do with them stands in codec/README.md; here they must
 * only come to an end). Documents with a key twice are refused on purpose, though the suite accepts them.
 */
#include "codec/json.h"
#include "vectors/vectors.h"

static struct str base_name(struct str path)
{
	struct str rest = path, part = path;

	while (str_split(&rest, '/', &part))
		;
	return part;
}

static void run_json(struct vectors *v, const struct vector_file *file)
{
	struct cx *cx = vector_cx(v);
	struct str name = base_name(file->path);
	bool refused_by_us = str_starts(name, STR("y_object_duplicated_key"));
	bool want = name.p[0] == 'y' && !refused_by_us;
	struct val *tree;
	bool accepted = json_parse(cx, file->bytes, NULL, &tree);

	if (name.p[0] == 'i')
		vector_case(v, file, name, true, "either");
	else if (accepted)
		vector_case(v, file, name, want, "accepted");
	else
		vector_case(v, file, name, !want, "refused: %.*s", STR_ARG(cx->err.msg));
}

const struct vector_kind vectors_json[] = {
    {"json-parsing", "*/[yni]_*.json", NULL, run_json},
    {0},
};
