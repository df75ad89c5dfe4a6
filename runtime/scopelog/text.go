package scopelog

import (
	"net/url"
	"strings"
)

// The forms of what is put in the place of something.
const (
	redacted = "[redacted]"
	cutOpen  = "[cut: "
)

// text returns s without the secrets in it, and whether there were any.
//
// What is a secret follows from its form (a bearer token, a JWT, the password in
// a URL) or from the name in front of it (token=…, "password": …, Cookie: …).
// The text may be anything: a message, an error that quotes a URL or a header,
// JSON inside of a quoted string, what fmt prints of a map.
func (n *names) text(s string) (string, bool) {
	var out []byte
	from := 0
	var m misses
	for i := 0; i < len(s); {
		if !n.shows[s[i]] {
			i++
			continue
		}
		start, end := n.at(s, i, from, &m)
		if end <= start {
			i++
			continue
		}
		out = append(out, s[from:start]...)
		out = append(out, redacted...)
		from, i = end, end
	}
	if from == 0 {
		return s, false
	}
	return string(append(out, s[from:]...)), true
}

// misses is how far it is known that no token is: without it a text of nothing but
// beginnings of tokens would take the square of its length.
type misses struct{ jwt, prefixed int }

// look is how far ahead is looked for a reason to take something out.
const look = 4 << 10

// at looks for a secret that shows at byte i: its first byte, or the separator in
// front of it. It returns where the secret is, or an empty range. Nothing before
// from belongs to it.
// A byte that is not in newNames is not asked for.
func (n *names) at(s string, i, from int, m *misses) (start, end int) {
	switch s[i] {
	case '=':
		return n.named(s, i, i+1, from)
	case ':':
		if strings.HasPrefix(s[i:], "://") {
			return userinfo(s, i+3)
		}
		if strings.HasPrefix(s[i:], ":=") {
			break
		}
		return n.named(s, i, i+1, from)
	case '%':
		// '=' and ':' in a URL within a URL.
		if len(s) > i+2 && s[i+1] == '3' && (lower(s[i+2]) == 'd' || lower(s[i+2]) == 'a') {
			return n.named(s, i, i+3, from)
		}
	case '@':
		return dsn(s, i, from)
	case 'b', 'B', 'd', 'D', 'n', 'N':
		if wordStart(s, i) {
			if start, end := scheme(s, i); end > start {
				return start, end
			}
			return prefixed(s, i, m)
		}
	case '-':
		return pemBlock(s, i)
	case 'e':
		return jwt(s, i, m)
	case 'g', 'x', 's', 'r', 'A', 'y', 'p', 'h', 'S', 't', 'w':
		if wordStart(s, i) {
			return prefixed(s, i, m)
		}
	}
	return 0, 0
}

// wordStart reports whether a word may begin at byte i. What looks like a letter
// in front of it may be the end of an escape: \n, %20, \u0026.
func wordStart(s string, i int) bool {
	if i == 0 || !isAlnum(s[i-1]) && s[i-1] != '_' {
		return true
	}
	return i >= 2 && s[i-2] == '\\' || i >= 3 && s[i-3] == '%' || i >= 6 && s[i-6] == '\\' && s[i-5] == 'u'
}

// run returns the end of the letters, digits and bytes of extra from i on.
func run(s string, i int, extra string) int {
	for i < len(s) && (isAlnum(s[i]) || strings.IndexByte(extra, s[i]) >= 0) {
		i++
	}
	return i
}

// scheme finds the credentials behind the name of an authentication scheme.
func scheme(s string, i int) (start, end int) {
	for _, name := range [...]string{"bearer", "basic", "digest", "negotiate", "ntlm"} {
		if len(s) < i+len(name) || !strings.EqualFold(s[i:i+len(name)], name) {
			continue
		}
		start = i + len(name)
		for gap := start; ; start = gap {
			switch {
			case gap < len(s) && (s[gap] == ' ' || s[gap] == '\t' || s[gap] == '+'):
				gap++
			case strings.HasPrefix(s[gap:], "%20"):
				gap += 3
			default:
				if gap == i+len(name) {
					return 0, 0
				}
				goto credentials
			}
		}
	credentials:
		end = run(s, start, "-._~+/=%")
		word := strings.TrimRight(s[start:end], ".=")
		switch {
		case name == "digest" && strings.EqualFold(word, "username"):
			return start, lineEnd(s, start)
		case opaque(word) && len(word) >= 6:
			return start, end
		}
		return 0, 0 // "bearer of news", "basic plan"
	}
	return 0, 0
}

// opaque reports whether a word looks like a token rather than like language.
func opaque(word string) bool {
	word = strings.TrimRight(word, ".,;:!?)")
	if len(word) >= 20 {
		return true
	}
	for i := range len(word) {
		switch c := word[i]; {
		case isDigit(c) && len(word) >= 4, c == '=', c == '+':
			return true
		case i > 0 && isUpper(c) && isLower(word[i-1]):
			return true
		}
	}
	return false
}

// anyOpaque reports whether one of the words looks like a token.
func anyOpaque(words string) bool {
	for word := range strings.FieldsSeq(words) {
		if opaque(word) {
			return true
		}
	}
	return false
}

// jwt finds a JSON Web Token: base64url of {" and so on, twice or more, and
// parts behind it.
func jwt(s string, i int, m *misses) (start, end int) {
	if i < m.jwt || !strings.HasPrefix(s[i:], "eyJ") {
		return 0, 0
	}
	first := run(s, i, "-_")
	if first-i < 12 || first >= len(s) || s[first] != '.' {
		m.jwt = first
		return 0, 0
	}
	end = run(s, i, "-_.")
	for end > first+1 && s[end-1] == '.' && end-first > 2 {
		end-- // the stop at the end of a sentence
	}
	return i, end
}

// prefixed finds tokens that say what they are.
func prefixed(s string, i int, m *misses) (start, end int) {
	if i < m.prefixed {
		return 0, 0
	}
	rest := s[i:]
	for _, p := range [...]struct {
		prefix string
		least  int // characters behind it
	}{
		{"ghp_", 20}, {"gho_", 20}, {"ghu_", 20}, {"ghs_", 20}, {"ghr_", 20}, {"github_pat_", 20},
		{"glpat-", 16},
		{"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xoxr-", 10}, {"xoxs-", 10}, {"xapp-", 10},
		{"sk_live_", 10}, {"sk_test_", 10}, {"rk_live_", 10}, {"rk_test_", 10}, {"whsec_", 16},
		{"sk-", 20}, {"AKIA", 16}, {"ASIA", 16}, {"AIza", 30}, {"ya29.", 20},
		{"npm_", 30}, {"pypi-", 30}, {"hf_", 20}, {"dop_v1_", 30}, {"shpat_", 30}, {"SG.", 40}, {"hvs.", 20},
		{"tve1:", 40}, // our envelopes, which hold ids
	} {
		if p.prefix[0] != rest[0] || !strings.HasPrefix(rest, p.prefix) {
			continue
		}
		end = run(s, i+len(p.prefix), "-_.+/=")
		for end > i+len(p.prefix) && s[end-1] == '.' {
			end-- // the stop at the end of a sentence
		}
		tail := s[i+len(p.prefix) : end]
		digits := strings.ContainsAny(tail, "0123456789")
		if digits && len(tail) >= p.least {
			return i, end
		}
		if !digits {
			m.prefixed = end
		}
	}
	return 0, 0
}

// pemBlock finds the private key of a PEM block, to its end or to the end of the
// text.
func pemBlock(s string, i int) (start, end int) {
	const begin, key, mark = "-----BEGIN ", "PRIVATE KEY", "-----END "
	if !strings.HasPrefix(s[i:], begin) {
		return 0, 0
	}
	label := s[i+len(begin):]
	stop := strings.Index(label, "-----")
	if stop < 0 || !strings.Contains(label[:stop], key) {
		return 0, 0
	}
	start = i + len(begin) + stop + len("-----")
	n := strings.Index(s[start:], mark)
	if n < 0 {
		return start, len(s)
	}
	return start, start + n
}

// userinfo finds the secret in front of the host of a URL, whose authority begins
// at byte i.
func userinfo(s string, i int) (start, end int) {
	end = i
	for end < len(s) && strings.IndexByte("/?#\\ \t\r\n\"'`<>", s[end]) < 0 {
		end++
	}
	at := strings.LastIndexByte(s[i:end], '@')
	if at < 0 {
		// A password that should have been escaped, and held one of these.
		colon := strings.IndexByte(s[i:end], ':')
		if colon < 0 || run(s, i+colon+1, "") == end && !strings.ContainsFunc(s[i+colon+1:end], func(r rune) bool { return r < '0' || r > '9' }) {
			return 0, 0 // no password but a port
		}
		for end < min(len(s), i+512) && strings.IndexByte(" \t\r\n\"'`<>", s[end]) < 0 {
			end++
		}
		if at = strings.LastIndexByte(s[i:end], '@'); at < 0 {
			return 0, 0
		}
	}
	return credentials(s, i, i+at)
}

// credentials finds the secret in user:password, which goes from start to end.
func credentials(s string, start, end int) (int, int) {
	user, password, ok := strings.Cut(s[start:end], ":")
	switch {
	case password == redacted || password == "xxxxx": // net/url has been here
		return 0, 0
	case !ok && !opaque(user):
		return 0, 0 // ssh://git@host
	case !ok || password == "" || opaque(user) && len(user) >= 20:
		return start, end // a token in place of the user
	}
	return start + len(user) + 1, end
}

// dsn finds the password in user:password@tcp(host)/db, at the '@'.
func dsn(s string, i, from int) (start, end int) {
	if rest := s[i+1:]; !strings.HasPrefix(rest, "tcp(") && !strings.HasPrefix(rest, "unix(") {
		return 0, 0
	}
	start = i
	for start > from && strings.IndexByte(" \t\r\n\"'`<>", s[start-1]) < 0 {
		start--
	}
	return credentials(s, start, i)
}

// named finds the value behind a separator, which goes from sep to value, if the
// name in front of it stands for a secret.
func (n *names) named(s string, sep, value, from int) (start, end int) {
	colon := s[sep] == ':' || s[sep] == '%' && lower(s[sep+2]) == 'a'
	if s[sep] == '=' {
		if value < len(s) && (s[value] == '=' || s[value] == '~') || sep > from && strings.IndexByte("=!<>", s[sep-1]) >= 0 {
			return 0, 0 // a comparison
		}
		if value < len(s) && s[value] == '>' {
			value++ // :password => "x"
		}
	}

	// The name, with what may stand between it and the separator.
	k := sep
	for k > from && (s[k-1] == ' ' || s[k-1] == '\t') {
		k--
	}
	if s[sep] == '=' && k > from && s[k-1] == ':' { // password := "x"
		k--
		for k > from && s[k-1] == ' ' {
			k--
		}
	}
	quoted := false
	if k > from && (s[k-1] == '"' || s[k-1] == '\'' || s[k-1] == '`') {
		for k--; k > from && s[k-1] == '\\'; k-- {
		}
		quoted = true
	}
	keyEnd := k
	for k > from && keyEnd-k < 4*maxName && nameByte(s[k-1]) {
		k--
	}
	name := s[k:keyEnd]
	if len(name) < 2 {
		return 0, 0
	}
	if strings.IndexByte(name, '%') >= 0 {
		if unescaped, err := url.QueryUnescape(name); err == nil {
			name = unescaped
		}
	}
	param := k > from && (s[k-1] == '?' || s[k-1] == '&' || s[k-1] == '#' || s[k-1] == '\\') || strings.ContainsAny(name, "?&")

	start = value
	for start < len(s) && (s[start] == ' ' || s[start] == '\t') {
		start++
	}
	spaced := start > value
	if start == len(s) {
		return 0, 0
	}
	var v verdict
	if param && !colon {
		short := s[:min(len(s), start+minParam)]
		v = n.checkParam(name, short[start:valueEnd(short, start)])
	} else {
		v = n.check(name)
	}
	if v == public {
		return 0, 0
	}

	// A quoted value ends at a quote that is escaped as often.
	q := start
	for q < len(s) && s[q] == '\\' {
		q++
	}
	if q < len(s) && (s[q] == '"' || s[q] == '\'' || s[q] == '`') {
		start, end = q+1, closing(s, q+1, s[q], q-start)
		return worth(s, start, end, v)
	}
	if q > start && (s[q-1] == '\\') && q < len(s) && strings.IndexByte("nrtu", s[q]) >= 0 {
		return 0, 0 // an escaped line end: there is no value
	}

	end = valueEnd(s, start)
	// A word behind "token: " may be language: "parse token: unexpected end".
	if colon && spaced && !quoted && strings.IndexByte("[{(&", s[start]) < 0 {
		mid := midSentence(s, k)
		switch {
		case opaque(s[start:end]), isScheme(s[start:end]), v == human && !mid:
		case headerLine(name) && (!mid || isUpper(name[0])) && anyOpaque(s[start:lineEnd(s[:min(len(s), start+look)], start)]):
			// Authorization: Custom x=y
		default:
			return 0, 0
		}
	}
	if f := headerLine(name); f {
		// Cookie: a=b; c=d, or a scheme and its credentials.
		switch {
		case colon && strings.IndexByte("[{", s[start]) < 0:
			end = lineEnd(s, start)
			if k > from && (s[k-1] == '"' || s[k-1] == '\'') && !quoted {
				// curl -H "Authorization: …"
				back := 0
				for k-2-back >= from && s[k-2-back] == '\\' {
					back++
				}
				if c := closing(s, start, s[k-1], back); c < end {
					end = c
				}
			}
		case isScheme(s[start:end]):
			next := end
			for next < len(s) && (s[next] == ' ' || s[next] == '+') {
				next++
			}
			end = valueEnd(s, next)
		}
	}
	return worth(s, start, end, v)
}

// nameByte reports whether a name may hold the byte: user[password],
// user%5Bpassword%5D, x-api-key, aws.secret_key.
func nameByte(c byte) bool {
	return isAlnum(c) || c == '_' || c == '-' || c == '.' || c == '[' || c == ']' || c == '%' || c >= 0x80
}

// worth returns the range unless what is in it gives nothing away.
func worth(s string, start, end int, v verdict) (int, int) {
	value := s[start:end]
	switch value {
	case "", "null", "nil", "<nil>", "true", "false", "none", "undefined", redacted, "[]", "{}", "map[]":
		return 0, 0
	}
	if strings.HasPrefix(value, redacted) && len(strings.TrimLeft(value[len(redacted):], "]})>,;.\"' ")) == 0 || strings.HasPrefix(value, cutOpen) {
		return 0, 0
	}
	if v == plural && isNumber(value) {
		return 0, 0
	}
	return start, end
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) && s[i] != '.' && s[i] != '-' {
			return false
		}
	}
	return s != ""
}

// closing returns where the quote is that is escaped by that many backslashes, or
// the end of the text.
func closing(s string, i int, quote byte, backslashes int) int {
	back := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			back++
			continue
		case quote:
			// One of a string within this one has more, and an odd number.
			if back == backslashes || back < backslashes || backslashes == 0 && back%2 == 0 {
				return i - min(back, backslashes)
			}
		}
		back = 0
	}
	return len(s)
}

// valueEnd returns where an unquoted value ends. Brackets and quotes within it
// are closed first: map[a:[b c]], []string{"a", "b"}.
func valueEnd(s string, i int) int {
	for i < len(s) {
		switch c := s[i]; c {
		case '[', '{', '(':
			i = balanced(s, i)
			continue
		case ' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>', ')', ']', '}', '&', '|', '#':
			return i
		case '\\':
			if i+1 < len(s) && strings.IndexByte(`nrtu"'\`+"`", s[i+1]) >= 0 {
				return i
			}
		case '%':
			if strings.HasPrefix(s[i:], "%26") {
				return i
			}
		case ',', ';':
			// Part of the value, unless something follows that is not.
			next := i + 1
			if next == len(s) || isSpace(s[next]) || strings.IndexByte("\"'`\\)]}", s[next]) >= 0 {
				return i
			}
			if k := run(s, next, "_-."); k > next && k < len(s) && (s[k] == '=' || s[k] == ':') {
				return i
			}
		}
		i++
	}
	return i
}

// balanced returns the end of what the bracket at byte i opens, or the end of the
// text.
func balanced(s string, i int) int {
	depth := 0
	for i < len(s) {
		switch s[i] {
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '`':
			back := 0
			for i-1-back >= 0 && s[i-1-back] == '\\' {
				back++
			}
			i = closing(s, i+1, s[i], back)
			for i < len(s) && s[i] == '\\' {
				i++
			}
		}
		i++
	}
	return len(s)
}

// lineEnd returns the end of the line, which may be an escaped one.
func lineEnd(s string, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '\n', '\r':
			return i
		case '\\':
			if i+1 < len(s) && (s[i+1] == 'n' || s[i+1] == 'r') {
				return i
			}
		}
	}
	return i
}

// midSentence reports whether words stand in front of byte k, on its line.
func midSentence(s string, k int) bool {
	k--
	if k >= 0 && (s[k] == '"' || s[k] == '\'') {
		return false // the first word of a quotation
	}
	for k >= 0 && (s[k] == ' ' || s[k] == '\t') {
		k--
	}
	return k >= 0 && (isAlnum(s[k]) || strings.IndexByte(":.)\"'", s[k]) >= 0)
}

// headerLine reports whether the name is of a header whose value has several
// parts.
func headerLine(name string) bool {
	var f folded
	f.fold(name)
	return f.ends(maxName, "authorization", false) || f.ends(maxName, "cookie", false)
}

// isScheme reports whether the word is the name of an authentication scheme.
func isScheme(word string) bool {
	for _, name := range [...]string{"bearer", "basic", "digest", "negotiate", "ntlm", "token", "apikey", "hmac", "aws4-hmac-sha256"} {
		if strings.EqualFold(word, name) {
			return true
		}
	}
	return false
}
