/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that come with the field types and with every document. Their codes are stable: reports, translations, documents and tests name them.
 * The rules between fields are data (data/rules/).
 *
 * Three severities: for a form, for an import, and for a row of a table in an import. A form can be put right by the person who fills it in, so it holds;
 * an import shows what a source says, so what does not make the notice untrue is a warning. An invalid credit code holds at the top level, where it says who
 * acts; among the rows (1,528 bidders of one opening) a single wrong code of a bidder is shown as a warning and does not hold the whole notice.
 *
 * Placeholders of the sentences: {field} {value} and what the check adds.
 */
#ifndef SCHEMA_RULES_H
#define SCHEMA_RULES_H

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
/* name, code, form, import, import row, waivable, sentence */
#define SCHEMA_RULES(X)                                                                            \
	X(RULE_ITEM, "item-unknown", E, E, E, false, "公开事项“{value}”不在目录中{near}")          \
	X(RULE_AGENCY, "agency-unknown", E, E, E, false, "公开主体“{value}”不在名单中{near}")      \
	X(RULE_PLACE, "place-unknown", E, E, E, false, "地区“{value}”不在地区表中")                \
	X(RULE_TITLE, "title-missing", E, E, E, false, "没有标题")                                 \
	X(RULE_DATE, "date-missing", E, E, E, false,                                               \
	    "没有日期：形成日期和首次公布时间至少要有一个")                                        \
	X(RULE_MOMENT, "date-form", E, E, E, false,                                                \
	    "“{value}”不是日期或时间，应写作2026-03-16或2026-03-16T08:42:00+08:00")                \
	X(RULE_APPEARANCE, "appearance", E, E, E, false, "首次公布应有平台和该处标识")             \
	X(RULE_FIELDS, "fields-missing", E, E, E, false, "正文没有字段")                           \
	X(RULE_ATTACHMENT, "attachment", E, E, E, false,                                           \
	    "附件“{value}”应有名称、类型、大小和SHA-256")                                          \
	X(RULE_MEMBER, "member-unknown", E, E, E, false, "正文没有“{value}”这一部分{near}")        \
	X(RULE_FIELD, "field-unknown", E, E, E, false, "这一公开事项没有“{value}”这个字段{near}")  \
	X(RULE_SYSTEM, "field-of-system", E, E, E, false, "{field}由系统填写，不写入正文")         \
	X(RULE_PRIVATE, "field-not-public", E, E, E, false, "{field}依法不对外公开，不能写入正文") \
	X(RULE_REQUIRED, "required", E, W, W, false, "{field}必须填写")                            \
	X(RULE_TOO_LONG, "too-long", E, W, W, true, "{field}有{length}个字，最多{max}个")          \
	X(RULE_TOO_SMALL, "too-small", E, W, W, true, "{field}为{value}，不得小于{min}")           \
	X(RULE_TOO_LARGE, "too-large", E, W, W, true, "{field}为{value}，不得大于{max}")           \
	X(RULE_PATTERN, "pattern", E, W, W, true, "{field}“{value}”不合规定的写法：{pattern}")     \
	X(RULE_CODE, "code-unknown", E, W, W, true, "{field}“{value}”不在代码表{list}中{near}")    \
	X(RULE_USCC, "identifier-uscc", E, E, W, false,                                            \
	    "{field}“{value}”不是有效的统一社会信用代码：应为18位，末位是校验码")                  \
	X(RULE_ORG, "identifier-org", E, E, W, false,                                              \
	    "{field}“{value}”不是有效的组织机构代码：应为9位，末位是校验码")                       \
	X(RULE_DEAL, "identifier-unified-deal", E, W, W, true,                                     \
	    "{field}“{value}”不是有效的统一交易标识码：应为40位，末位是校验码")                    \
	X(RULE_T_TEXT, "type-text", E, E, E, false, "{field}应为文字")                             \
	X(RULE_T_LINE, "type-line", E, E, E, false, "{field}应为一行文字，不得换行")               \
	X(RULE_T_INTEGER, "type-integer", E, E, E, false, "{field}“{value}”不是整数，应写作120")   \
	X(RULE_T_DECIMAL, "type-decimal", E, E, E, false, "{field}“{value}”不是数，应写作120.5")   \
	X(RULE_T_MONEY, "type-money", E, E, E, false,                                              \
	    "{field}“{value}”不是金额，应写作13560000.00元或1356万元")                             \
	X(RULE_T_PRICE, "type-price", E, E, E, false,                                              \
	    "{field}“{value}”不是价格：应为金额、百分比或文字之一")                                \
	X(RULE_T_PERCENT, "type-percent", E, E, E, false,                                          \
	    "{field}“{value}”不是百分比，应写作98.5%")                                             \
	X(RULE_T_DATE, "type-date", E, E, E, false, "{field}“{value}”不是日期，应写作2026-03-16")  \
	X(RULE_T_DATETIME, "type-datetime", E, E, E, false,                                        \
	    "{field}“{value}”不是时间，应写作2026-03-16 08:42")                                    \
	X(RULE_T_PERIOD, "type-period", E, E, E, false,                                            \
	    "{field}“{value}”不是起止时间，应写作2026-03-16至2026-03-20")                          \
	X(RULE_T_YESNO, "type-yesno", E, E, E, false, "{field}“{value}”应为是或否")                \
	X(RULE_T_CODE, "type-code", E, E, E, false, "{field}应为代码")                             \
	X(RULE_T_CODES, "type-codes", E, E, E, false, "{field}应为一列代码，不重复")               \
	X(RULE_T_PLACE, "type-place", E, W, W, true, "{field}“{value}”不在地区表中")               \
	X(RULE_T_AGENCY, "type-agency", E, W, W, true, "{field}“{value}”不在公开主体名单中{near}") \
	X(RULE_T_ORGANISATION, "type-organisation", E, E, E, false, "{field}应有名称，可以有代码") \
	X(RULE_T_PERSON, "type-person", E, E, E, false, "{field}应有姓名")                         \
	X(RULE_T_IDENTIFIER, "type-identifier", E, E, E, false, "{field}应为一个编号")             \
	X(RULE_T_COORDINATES, "type-coordinates", E, E, E, false,                                  \
	    "{field}应为文字，或每行一个点“x,y”")                                                  \
	X(RULE_T_ROWS, "type-rows", E, E, E, false, "{field}应为一张表，每行一条记录")             \
	X(RULE_T_ATTACHMENT, "type-attachment", E, E, E, false,                                    \
	    "{field}应为附件（名称、类型、大小、SHA-256）或说明所在之处的文字")                    \
	X(RULE_BIDI, "text-bidi", E, E, E, false,                                                  \
	    "{field}第{at}个字处有改变书写方向的控制符{code}，公开的文字不得含有")                 \
	X(RULE_CONTROL, "text-control", E, E, E, false,                                            \
	    "{field}第{at}个字处有控制符{code}，公开的文字不得含有")                               \
	X(RULE_NONCHARACTER, "text-noncharacter", E, E, E, false,                                  \
	    "{field}第{at}个字处有非字符{code}，公开的文字不得含有")                               \
	X(RULE_ZERO_WIDTH, "text-zero-width", E, E, E, true,                                       \
	    "{field}第{at}个字处有看不见的字符{code}")                                             \
	X(RULE_PRIVATE_USE, "text-private-use", E, E, E, true,                                     \
	    "{field}第{at}个字处有自造字{code}，别处可能显示不出来")                               \
	X(RULE_RESIDENT, "personal-identity-number", E, E, E, false,                               \
	    "{field}中有居民身份证号{value}，公开前应当删去或者遮盖")                              \
	X(RULE_MOBILE, "personal-mobile", E, E, E, true,                                           \
	    "{field}中有手机号码{value}"                                                     \
	    "：是个人号码的，应当删去或者遮盖；是办公联系电话的，可以说明理由后放行")              \
	X(RULE_CARD, "personal-bank-card", E, E, E, false,                                         \
	    "{field}中有银行卡号{value}，公开前应当删去或者遮盖")

enum schema_rule {
#define X(name, code, form, import, row, waivable, sentence) name,
	SCHEMA_RULES(X)
#undef X
	    SCHEMA_RULE_COUNT
};

#undef E
#undef W

/* The code of a rule of this table, "type-date". */
const char *schema_rule_code(enum schema_rule rule);

#endif
