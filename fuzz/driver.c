/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for libFuzzer: runs the target once on every file of the folders given. */
#include <stdio.h>

#include "base/io.h"
#include "fuzz.h"

static bool run_folder(struct cx *cx, const char *dir, size_t *ran)
{
	struct io_names names;
	struct str bytes;

	if (!io_dir_list(cx, dir, "", &names))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		if (!io_file_read(cx, str_fmt(cx->mem, "%s/%.*s", dir, STR_ARG(names.at[i])).p,
			(size_t)16 << 20, &bytes))
			return false;
		(void)LLVMFuzzerTestOneInput((const uint8_t *)bytes.p, bytes.n);
		++*ran;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct cx cx = {.mem = arena_open((size_t)1 << 30)};
	size_t ran = 0;

	for (int i = 1; i < argc; i++) {
		if (run_folder(&cx, argv[i], &ran))
			continue;
		(void)fprintf(stderr, "%s\n", cx_error(&cx).p);
		return 3;
	}
	(void)printf("%zu inputs\n", ran);
	arena_close(cx.mem);
	return ran == 0;
}
