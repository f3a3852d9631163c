/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/intake/domain.h"
#include "intake/intake.h"

#define HEAD "profile: p\nplatform: x.example\nformat: csv\n"
#define TAIL                                                                                       \
	"agency: {const: yichang.trading}\nplace: {const: \"420500\"}\ndate: day\ntitle: "         \
	"title\nappearance: {identity: id}\n"

static void every_shipped_profile_fits_the_catalogue(void **state)
{
	struct cx cx = {.mem = *state};
	struct app app = {0};
	struct mistakes mistakes = {0};

	app_make(&cx, &app, true);
	must(&cx, intake_profiles_check(&cx, app.domain, app.data, &mistakes));
	for (size_t i = 0; i < mistakes.n; i++)
		print_error("%s:%u:%u %s\n", mistakes.at[i].file.p, mistakes.at[i].line,
		    mistakes.at[i].column, mistakes.at[i].message.p);
	assert_int_equal(mistakes.n, 0);
}

static const struct {
	const char *text, *mistake;
} mistaken[] = {
    {HEAD "items: [{item: works.result}]\n" TAIL "feilds: {}\n",
	"10:9: unknown key \"feilds\"; did you mean \"fields\"?"},
    {HEAD "items: [{item: works.resul}]\n" TAIL,
	"4:16: no item \"works.resul\" in the catalogue; did you mean \"works.result\"?"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {winer: w}\n",
	"10:17: no field \"winer\" in works.result; did you mean \"winner\"?"},
    {HEAD "items: [{item: works.result, fields: {candidates: w}}]\n" TAIL,
	"4:51: no field \"candidates\" in works.result"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {national_sent_at: w}\n",
	"10:28: \"national_sent_at\" is filled by the system"},
    {HEAD "items: [{item: works.candidates}]\n" TAIL "fields: {candidates: w}\n",
	"10:22: \"candidates\" is a table: say rows and columns"},
    {HEAD "items: [{item: works.candidates}]\n" TAIL
	  "fields: {candidates: {rows: group, columns: {nam: w}}}\n",
	"10:51: no column \"nam\" in the rows of \"candidates\""},
    {HEAD "items: [{item: works.candidates}]\n" TAIL
	  "fields: {candidates: {rows: list, columns: {name: w}}}\n",
	"10:29: rows of a CSV file are those of the group: rows: group"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {winner: {start: a, end: b}}\n",
	"10:18: \"winner\" is of type organisation: start/end is for the type period"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {duration: {column: w, code: c}}\n",
	"10:20: \"duration\" is of type text: code is for the type organisation"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {duration: {column: w, as: words}}\n",
	"10:20: \"duration\" is of type text: as: words is for the type price"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {duration: {column: w, const: x}}\n",
	"10:20: a value says one of column, const, template, start/end, rows"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {duration: {column: w, match: '(a'}}\n",
	"10:39: not a pattern: missing closing parenthesis at character 3"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {duration: {template: 'a {b'}}\n",
	"10:31: \"{\" without \"}\" in a template"},
    {HEAD "items: [{item: works.result}]\n" TAIL "must: [winer]\n",
	"10:8: must: no item of this profile has a field \"winer\""},
    {HEAD "items: [{item: works.result}]\n" TAIL "must: winner\n",
	"10:7: must is a list of fields: must: [section_code]"},
    {HEAD "items: [{item: works.result}]\n" TAIL "fields: {duration: {column: []}}\n",
	"10:29: at least one column is wanted"},
    {HEAD "items: [{item: works.result}]\n" TAIL
	  "fields: {duration: {column: d, values: {a: [b]}}}\n",
	"10:44: a text is wanted"},
    {HEAD TAIL, "1:1: \"items\" is a list: - item: works.result"},
    {"profile: p\nplatform: x\nformat: xls\nitems: [{item: works.result}]\n" TAIL,
	"3:9: format: csv or jsonl is wanted"},
    {"profile: p\nformat: csv\nitems: [{item: works.result}]\n" TAIL,
	"1:1: \"platform\" is missing: the host name of the platform that the rows come "
	"from"},
    {HEAD "items: [{item: works.result}]\nagency: a\nplace: b\ndate: c\ntitle: "
	  "d\nappearance: {address: x}\n",
	"9:13: \"identity\" is missing"},
    {HEAD "items: [{item: works.result, when: x}]\n" TAIL,
	"4:36: conditions are a map of columns: when: {stage_code: \"0101\"}"},
};

static void a_mistake_is_named_with_its_place_and_the_nearest_word(void **state)
{
	struct cx cx = {.mem = *state};
	struct app app = {0};

	app_make(&cx, &app, true);
	for (size_t i = 0; i < ARRAY_SIZE(mistaken); i++) {
		struct mistakes mistakes = {0};
		struct profile *p;
		struct str said;

		must(&cx, intake_profile_parse(&cx, app.domain, STR("p.yaml"),
			      str_of(mistaken[i].text), &mistakes, &p));
		assert_null(p);
		if (!mistakes.n)
			fail_msg("case %zu: nothing is said of\n%s", i, mistaken[i].text);
		said = str_fmt(cx.mem, "%u:%u: %s", mistakes.at[0].line, mistakes.at[0].column,
		    mistakes.at[0].message.p);
		if (mistakes.n > 1)
			print_error("case %zu: %zu mistakes\n", i, mistakes.n);
		assert_string_equal(said.p, mistaken[i].mistake);
	}
}

static void a_profile_that_is_not_there_is_answered_with_those_that_are(void **state)
{
	struct cx cx = {.mem = *state};
	struct app app = {0};
	struct profile *p;

	app_make(&cx, &app, true);
	assert_false(intake_profile_get(&cx, STR("jiangx"), &p));
	assert_string_equal(cx_error(&cx).p ? str_c(cx.mem, cx.err.msg) : "",
	    "no profile \"jiangx\", did you mean \"jiangxi\"?; shipped are jiangxi, land, mining, "
	    "national, opening, yichang-award-results, "
	    "yichang-candidates, and any path to a .yaml file will do");
	cx_clear(&cx);
	must(&cx, intake_profile_get(&cx, STR(SOURCE_DIR "/data/imports/land.yaml"), &p));
	assert_non_null(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_shipped_profile_fits_the_catalogue),
	    CASE(a_mistake_is_named_with_its_place_and_the_nearest_word),
	    CASE(a_profile_that_is_not_there_is_answered_with_those_that_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
