/* TOML: strings, numbers, booleans, dates and times.  See toml.h. */
#include "lib/toml_impl.h"
#include "lib/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef VEC(char) Bytes;

bool
toml_is_control(char c)
{
	unsigned char u = (unsigned char)c;

	return (u < 0x20 && u != '\t') || u == 0x7f;
}

void
toml_control(TomlParser *p)
{
	Span span = {p->base + (uint32_t)(p->at - p->start), 1};
	Diag *d = diag_error(p->diags, G0016, span, (unsigned char)*p->at);

	if (*p->at == '\r')
		diag_help(d, "lines end with a line feed, or with carriage return and line feed");
	p->failed = true;
}

/* --- strings ------------------------------------------------------------------------------ */

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reports the escape from `from` to the parser's place; reading goes on. */
static void
bad_escape(TomlParser *p, const char *from, const char *why)
{
	Span span = toml_span(p, from);

	diag_primary(diag_error(p->diags, G0014, span, (int)span.len, from), "%s", why);
}

/* \uXXXX and \UXXXXXXXX, behind the letter. */
static void
unicode_escape(TomlParser *p, const char *from, uint32_t digits, Bytes *out)
{
	uint32_t value = 0, n = 0;
	char utf8[4];

	for (; n < digits && p->at < p->end && hex_value(*p->at) >= 0; n++)
		value = value << 4 | (uint32_t)hex_value(*p->at++);
	if (n < digits) {
		bad_escape(p, from, digits == 4 ? "`\\u` needs four hexadecimal digits" :
		    "`\\U` needs eight hexadecimal digits");
	} else if (!utf8_is_scalar(value)) {
		bad_escape(p, from, "this is no Unicode scalar value");
	} else {
		n = utf8_encode(value, utf8);
		for (uint32_t i = 0; i < n; i++)
			vec_push(p->arena, out, utf8[i]);
	}
}

/* A backslash at the end of a line: blanks and newlines up to the next text go.  False if it is not. */
static bool
line_end(TomlParser *p)
{
	const char *from = p->at;

	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
	if (!toml_newline(p)) {
		p->at = from;
		return false;
	}
	for (uint32_t n = 1; n;) {
		n = toml_newline(p);
		if (!n && p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
			n = 1;
		p->at += n;
	}
	return true;
}

static void
unknown_escape(TomlParser *p, const char *from)
{
	uint32_t scalar;

	if (!toml_is_control(p->at[-1])) {
		p->at--;
		p->at += utf8_decode(p->at, (size_t)(p->end - p->at), &scalar);
	} else {
		p->at--;
	}
	bad_escape(p, from, "the escapes are `\\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX`");
}

/* At a backslash. */
static void
escape(TomlParser *p, bool multi, Bytes *out)
{
	static const char letters[] = "btnfr\"\\", values[] = "\b\t\n\f\r\"\\";
	const char *from = p->at++;

	if ((multi && line_end(p)) || p->at == p->end)
		return;
	char c = *p->at++;
	const char *known = c ? strchr(letters, c) : NULL;
	if (c == 'u')
		unicode_escape(p, from, 4, out);
	else if (c == 'U')
		unicode_escape(p, from, 8, out);
	else if (known)
		vec_push(p->arena, out, values[known - letters]);
	else
		unknown_escape(p, from);
}

static uint32_t
quotes_here(const TomlParser *p, char quote, uint32_t most)
{
	uint32_t n = 0;

	while (n < most && p->at + n < p->end && p->at[n] == quote)
		n++;
	return n;
}

/* Takes the closing quotes; those before them are text: a multi-line string may end with five. */
static bool
close_string(TomlParser *p, char quote, bool multi, Bytes *out)
{
	uint32_t n = quotes_here(p, quote, multi ? 5 : 1);

	if (n < (multi ? 3u : 1u))
		return false;
	for (uint32_t i = 3; i < n; i++)
		vec_push(p->arena, out, quote);
	p->at += n;
	return true;
}

static void
unterminated(TomlParser *p, const char *from, bool multi)
{
	Span span = {p->base + (uint32_t)(from - p->start), multi ? 3 : 1};
	Diag *d = diag_error(p->diags, G0015, span, toml_found(p));

	diag_primary(d, "the string begins here");
	if (!multi && p->at < p->end)
		diag_help(d, "a string of several lines stands between `%c%c%c`", *from, *from, *from);
	p->failed = true;
}

/* The text between the quotes, up to and with the closing ones. */
static void
string_body(TomlParser *p, const char *from, bool multi, Bytes *out)
{
	char quote = *from;

	while (!p->failed && !close_string(p, quote, multi, out)) {
		uint32_t newline = toml_newline(p);
		if (p->at == p->end || (newline && !multi)) {
			unterminated(p, from, multi);
		} else if (newline) {
			vec_push(p->arena, out, '\n');
			p->at += newline;
		} else if (toml_is_control(*p->at)) {
			toml_control(p);
		} else if (*p->at == '\\' && quote == '"') {
			escape(p, multi, out);
		} else {
			vec_push(p->arena, out, *p->at++);
		}
	}
}

bool
toml_string(TomlParser *p, bool multi, Text *out)
{
	const char *from = p->at;
	Bytes bytes = {0};
	bool triple = quotes_here(p, *from, 3) == 3;

	if (triple && !multi) {
		toml_expected(p, "a key on one line");
		return false;
	}
	p->at += triple ? 3 : 1;
	if (triple)
		p->at += toml_newline(p);
	string_body(p, from, triple, &bytes);
	uint32_t n = bytes.len;
	vec_push(p->arena, &bytes, 0);
	*out = (Text){bytes.at, n};
	return !p->failed;
}

/* --- numbers ------------------------------------------------------------------------------ */

static bool
is_digit_of(char c, int base)
{
	int v = hex_value(c);

	return v >= 0 && v < base;
}

/* Digits with single underscores between them; NULL, or why not. */
static const char *
digits(const char **at, int base)
{
	const char *s = *at;

	if (!is_digit_of(*s, base))
		return *s == '_' ? "an underscore stands between two digits" : "a digit is missing";
	for (; is_digit_of(*s, base) || *s == '_'; s++)
		if (*s == '_' && !is_digit_of(s[1], base))
			return "an underscore stands between two digits";
	*at = s;
	return NULL;
}

/* The number without its underscores. */
static const char *
without_underscores(Arena *a, const char *s)
{
	char *copy = arena_strndup(a, s, strlen(s)), *to = copy;

	for (; *s; s++)
		if (*s != '_')
			*to++ = *s;
	*to = '\0';
	return copy;
}

static const char *
read_integer(Arena *a, const char *s, bool negative, int base, TomlValue *v)
{
	uint64_t value = 0, limit = (uint64_t)INT64_MAX + negative;

	for (s = without_underscores(a, s); *s; s++) {
		uint64_t digit = (uint64_t)hex_value(*s);
		if (value > (limit - digit) / (uint64_t)base)
			return "it does not fit in 64 bits";
		value = value * (uint64_t)base + digit;
	}
	v->kind = TOML_INTEGER;
	v->as.integer = (int64_t)(negative ? 0 - value : value);
	return NULL;
}

/* 0x, 0o, 0b. */
static const char *
read_based(Arena *a, const char *s, bool has_sign, TomlValue *v)
{
	int base = s[1] == 'x' ? 16 : s[1] == 'o' ? 8 : 2;
	const char *at = s + 2, *why = digits(&at, base);

	if (has_sign)
		return "only a decimal number has a sign";
	if (why)
		return why;
	return *at ? "it has a character that is no digit of its base" : read_integer(a, s + 2, false, base, v);
}

static const char *
read_fraction(const char **at)
{
	const char *why = NULL;

	if (**at == '.') {
		++*at;
		why = digits(at, 10);
	}
	if (!why && (**at == 'e' || **at == 'E')) {
		++*at;
		*at += **at == '+' || **at == '-';
		why = digits(at, 10);
	}
	return why;
}

/* The whole word as a number; NULL, or why it is none. */
static const char *
read_number(Arena *a, const char *word, TomlValue *v)
{
	bool negative = *word == '-', has_sign = negative || *word == '+';
	const char *s = word + has_sign, *at = s;

	if (strcmp(s, "inf") == 0 || strcmp(s, "nan") == 0) {
		v->kind = TOML_FLOAT;
		v->as.number = copysign(*s == 'i' ? HUGE_VAL : (double)NAN, negative ? -1.0 : 1.0);
		return NULL;
	}
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'o' || s[1] == 'b'))
		return read_based(a, s, has_sign, v);
	const char *why = digits(&at, 10);
	if (why)
		return why;
	if (s[0] == '0' && at > s + 1)
		return "a number has no leading zeros";
	if (!*at)
		return read_integer(a, s, negative, 10, v);
	why = read_fraction(&at);
	if (why)
		return why;
	if (*at)
		return "this is neither an integer nor a float";
	v->kind = TOML_FLOAT;
	v->as.number = strtod(without_underscores(a, word), NULL);
	return NULL;
}

/* --- dates and times ---------------------------------------------------------------------- */

/* `n` digits, or -1. */
static int
number_of(const char **at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (!is_digit_of(**at, 10))
			return -1;
		value = value * 10 + (*(*at)++ - '0');
	}
	return value;
}

static bool
skip_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool
read_date(const char **at)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = number_of(at, 4);

	if (year < 0 || !skip_char(at, '-'))
		return false;
	int month = number_of(at, 2);
	if (month < 1 || month > 12 || !skip_char(at, '-'))
		return false;
	int day = number_of(at, 2);
	return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap(year));
}

static bool
read_hour_minute(const char **at)
{
	int hour = number_of(at, 2);

	if (hour < 0 || hour > 23 || !skip_char(at, ':'))
		return false;
	int minute = number_of(at, 2);
	return minute >= 0 && minute <= 59;
}

/* 60 is a leap second. */
static bool
read_time(const char **at)
{
	if (!read_hour_minute(at) || !skip_char(at, ':'))
		return false;
	int second = number_of(at, 2);
	if (second < 0 || second > 60)
		return false;
	if (!skip_char(at, '.'))
		return true;
	if (!is_digit_of(**at, 10))
		return false;
	while (is_digit_of(**at, 10))
		++*at;
	return true;
}

/* Behind a date and the character between. */
static bool
read_time_and_offset(const char **at, TomlValue *v)
{
	v->kind = TOML_LOCAL_DATE_TIME;
	if (!read_time(at))
		return false;
	if (!**at)
		return true;
	v->kind = TOML_OFFSET_DATE_TIME;
	if (skip_char(at, 'Z') || skip_char(at, 'z'))
		return true;
	return (skip_char(at, '+') || skip_char(at, '-')) && read_hour_minute(at);
}

/* The whole word as a date or time. */
static bool
read_moment(const char *word, TomlValue *v)
{
	const char *at = word;
	bool fine;

	if (word[2] == ':') {
		v->kind = TOML_LOCAL_TIME;
		fine = read_time(&at);
	} else {
		v->kind = TOML_LOCAL_DATE;
		fine = read_date(&at);
		if (fine && (*at == 'T' || *at == 't' || *at == ' ')) {
			at++;
			fine = read_time_and_offset(&at, v);
		}
	}
	return fine && !*at;
}

/* --- words -------------------------------------------------------------------------------- */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    memchr("_+-.:", c, 5);
}

static void
skip_word(TomlParser *p)
{
	while (p->at < p->end && is_word(*p->at))
		p->at++;
}

/* Begins as a date or a time does, not as a number. */
static bool
is_moment(const char *s, size_t n)
{
	for (size_t i = 0; i < n && i < 5; i++) {
		if (i == 2 && s[i] == ':')
			return true;
		if (i == 4)
			return s[i] == '-';
		if (!is_digit_of(s[i], 10))
			return false;
	}
	return false;
}

/* A bare word: most likely somebody forgot the quotes. */
static void
not_a_value(TomlParser *p, const char *from, const char *word)
{
	Span span = toml_span(p, from);
	const char *quoted = arena_printf(p->arena, "\"%s\"", word);

	p->at = from;
	Diag *d = toml_expected(p, "a value");
	if (strcasecmp(word, "true") == 0 || strcasecmp(word, "false") == 0)
		diag_help(d, "booleans are written in lower case");
	else if (*word)
		diag_fix(d, DIAG_REVIEW, span, "put the text between quotes", quoted);
}

static void
bad_moment(TomlParser *p, const char *from, const char *word)
{
	Diag *d = diag_error(p->diags, G0018, toml_span(p, from), word);

	diag_help(d, "write 2024-02-29, 07:32:00, 2024-02-29T07:32:00 or 2024-02-29T07:32:00+01:00");
}

void
toml_word(TomlParser *p, TomlValue *v)
{
	const char *from = p->at;

	skip_word(p);
	bool moment = is_moment(from, (size_t)(p->at - from));
	if (moment && p->at - from == 10 && p->end - p->at >= 2 && *p->at == ' ' && is_digit_of(p->at[1], 10)) {
		p->at++;
		skip_word(p);
	}
	size_t n = (size_t)(p->at - from);
	const char *word = arena_strndup(p->arena, from, n);
	v->span = toml_span(p, from);
	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
		v->kind = TOML_BOOL;
		v->as.truth = *word == 't';
	} else if (moment) {
		v->as.text = (Text){word, (uint32_t)n};
		if (!read_moment(word, v))
			bad_moment(p, from, word);
	} else {
		const char *why = read_number(p->arena, word, v);
		if (!why)
			return;
		if (is_digit_of(*word, 10) || ((*word == '+' || *word == '-' || *word == '.') && n > 1))
			diag_primary(diag_error(p->diags, G0017, v->span, word), "%s", why);
		else
			not_a_value(p, from, word);
	}
}
