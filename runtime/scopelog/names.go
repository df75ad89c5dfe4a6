package scopelog

import "strings"

// verdict is what a name says of the value that it stands for.
type verdict uint8

const (
	// public: the name says nothing.
	public verdict = iota
	// plural: secret, unless it is a number. "tokens" may be a list of them or
	// how many there were.
	plural
	// machine: a secret that a machine made, which in running text can be told
	// from words.
	machine
	// human: a secret that a person may have chosen, such as a word.
	human
)

// maxName is how many letters and digits at the end of a name are looked at.
const maxName = 64

// names knows which names stand for secrets.
type names struct {
	configured []string // folded

	// shows is set for bytes that a secret may show at, see at. Most bytes are
	// not, and each byte that is logged is asked for.
	shows [256]bool
}

func newNames(configured []string) *names {
	n := &names{configured: configured}
	for _, c := range []byte("=:%@-ebBdDnNgxsrAyphStw") {
		n.shows[c] = true
	}
	return n
}

// folded is a name reduced to what it is compared by: lower-case letters and
// digits, so that X-Api-Key, x_api_key and xApiKey are one.
type folded struct {
	buf    [maxName]byte
	from   int               // text is buf[from:]
	starts [maxName + 1]bool // a word starts there
}

// fold reads the name from its end, since what a name is about stands last.
func (f *folded) fold(name string) {
	f.from = maxName
	gap := false
	var behind byte // the character behind, as written
	for i := len(name) - 1; i >= 0 && f.from > 0; i-- {
		c := name[i]
		if !isAlnum(c) && c < 0x80 {
			if f.from < maxName {
				f.starts[f.from] = true
			}
			gap, behind = true, 0
			continue
		}
		// aB, 1b: a word starts behind c. ABc: one starts at B, seen from A.
		if !gap && behind != 0 {
			switch {
			case isLower(c) && isUpper(behind), isDigit(c) && !isDigit(behind):
				f.starts[f.from] = true
			case isUpper(c) && isUpper(behind) && i+2 < len(name) && isLower(name[i+2]):
				f.starts[f.from] = true
			}
		}
		gap = false
		f.from--
		f.buf[f.from] = lower(c)
		behind = c
	}
	f.starts[f.from] = true
}

// ends reports whether the name, cut off at end, ends with the term, and with
// word whether it must be whole words.
func (f *folded) ends(end int, term string, word bool) bool {
	at := end - len(term)
	return at >= f.from && string(f.buf[at:end]) == term && (!word || f.starts[at])
}

// check says what the name stands for.
func (n *names) check(name string) verdict {
	if len(name) < 3 && len(n.configured) == 0 {
		return public
	}
	var f folded
	f.fold(name)
	end := maxName
	for _, term := range n.configured {
		if f.ends(end, term, true) {
			return human
		}
	}
	// password2, token_value, authHeaderRaw
	for range 3 {
		if v := f.term(end); v != public {
			return v
		}
		cut := end
		for cut > f.from && isDigit(f.buf[cut-1]) {
			cut--
		}
		if cut == end {
			cut -= f.qualifier(end)
		}
		if cut == end || cut <= f.from {
			break
		}
		end = cut
	}
	return public
}

// qualifier returns the length of a last word that says in which form something
// is given, or 0.
func (f *folded) qualifier(end int) int {
	for _, q := range [...]string{"value", "header", "string", "hash", "hashed", "raw", "text", "plain", "plaintext", "bytes", "base64", "b64"} {
		if f.ends(end, q, false) {
			return len(q)
		}
	}
	return 0
}

// term says what the last word of the name, cut off at end, stands for.
func (f *folded) term(end int) verdict {
	if end-f.from < 3 {
		return public
	}
	// By their last letter, since every attribute comes by here.
	switch f.buf[end-1] {
	case 'n':
		switch {
		case f.ends(end, "token", false), f.ends(end, "authorization", false), f.ends(end, "session", true):
			return machine
		case f.ends(end, "pin", true):
			return human
		}
	case 'd':
		switch {
		case f.ends(end, "password", false), f.ends(end, "passwd", false), f.ends(end, "pwd", true):
			return human
		case f.ends(end, "sessionid", false), f.ends(end, "sessid", false), f.ends(end, "sid", true):
			return machine
		}
	case 't':
		switch {
		case f.ends(end, "secret", false):
			return human
		case f.ends(end, "jwt", true):
			return machine
		}
	case 'e':
		switch {
		case f.ends(end, "cookie", false):
			return machine
		case f.ends(end, "passphrase", false), f.ends(end, "passcode", false):
			return human
		}
	case 'y':
		for _, term := range [...]string{"apikey", "privatekey", "secretkey", "signingkey", "encryptionkey", "sharedkey", "accesskey", "masterkey", "sshkey"} {
			if f.ends(end, term, false) {
				return machine
			}
		}
	case 'l':
		if f.ends(end, "credential", false) {
			return human
		}
	case 'r':
		if f.ends(end, "bearer", true) {
			return machine
		}
	case 'p':
		if f.ends(end, "otp", true) || f.ends(end, "totp", true) {
			return human
		}
	case 'f':
		if f.ends(end, "csrf", true) || f.ends(end, "xsrf", true) {
			return machine
		}
	case 'g':
		if f.ends(end, "connectionstring", false) || f.ends(end, "connstring", false) {
			return human
		}
	case 's':
		if f.term(end-1) != public {
			return plural
		}
	}
	return public
}

// minParam is how long a value is at least that a name such as code may make a
// secret.
const minParam = 8

// checkParam is check for the parameters of a URL, where some names stand for
// secrets that elsewhere are everyday words.
func (n *names) checkParam(name, value string) verdict {
	if v := n.check(name); v != public {
		return v
	}
	var f folded
	f.fold(name)
	for _, term := range [...]string{"signature", "sig", "hmac", "auth", "ticket", "assertion", "samlresponse"} {
		if f.ends(maxName, term, true) {
			return machine
		}
	}
	// An API key or the code of an OAuth redirect, not ?code=404.
	if len(value) >= minParam {
		for _, term := range [...]string{"key", "code"} {
			if f.ends(maxName, term, true) {
				return machine
			}
		}
	}
	return public
}

// foldKey returns the folded form of a configured key, or "" if there is none or
// it is too long.
func foldKey(name string) string {
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; isAlnum(c) || c >= 0x80 {
			b.WriteByte(lower(c))
		}
	}
	if b.Len() > maxName {
		return ""
	}
	return b.String()
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool { return isLower(c) || isUpper(c) || isDigit(c) }
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func lower(c byte) byte {
	if isUpper(c) {
		return c + 'a' - 'A'
	}
	return c
}
