// Package scopelog keeps secrets out of logs and puts the scope into them. It is
// a [slog.Handler] in front of another one, and net/http middleware that logs
// requests through it. It imports the standard library only, apart from the
// runtime package that it belongs to.
//
//	handler, err := scopelog.NewHandler(slog.NewJSONHandler(os.Stdout, nil), scopelog.Options{
//		Keys:   []string{"national-id"},
//		Hasher: hasher, // a runtime.Hasher
//	})
//	logger := slog.New(handler)
//	logger.InfoContext(ctx, "charged", "invoice", 42)
//	// … "scope":{"tenant":"tvh1:…","env":"prod","user":"tvh1:…"},"invoice":42 …
//
// # What is taken out
//
// A value is replaced by "[redacted]" if what stands in front of it names a
// secret: an attribute's key, a group, a struct's field or its json tag, a map's
// key, a header, a parameter of a URL, a name in running text. Secret are names
// that end in authorization, cookie, token, password, passwd, pwd, passphrase,
// passcode, secret, session, session id, sid, credential, API key, private key
// (also secret, signing, encryption, shared, access, master, SSH key),
// connection string, jwt, bearer, otp, pin, csrf, their plurals, and
// [Options.Keys]. The case and the characters between words do not matter, nor
// do a number or a word such as value, header, hash, raw behind it. In a URL
// signature, sig, auth, ticket, key and code are secret as well.
//
// Whatever its name, a text is searched for what is a secret by its form:
// credentials behind Bearer, Basic, Digest, Negotiate or NTLM; JSON Web Tokens;
// the user and password of a URL; private keys in PEM; the tokens of well-known
// services, which have a prefix to be found by; our own envelopes.
//
// Both is done wherever a value is: in messages, attributes, groups,
// LogValuers, structs, pointers, maps, slices, errors, JSON, bytes, URLs,
// requests and responses, and in what a value's own methods print of it. In
// running text a name is followed by '=' or ':'; behind a colon and a space,
// what looks like a word is left alone ("parse token: unexpected end").
//
// Bools, times, durations, nil and what is empty give nothing away and stay. So
// do numbers under a name in the plural, which are counts.
//
// # What is left alone
//
// A record without secrets and scope reaches the other handler as it is, and so
// does each value without a secret. A value with one is replaced by something
// that prints alike: fields keep their names and order, and JSON stays JSON.
//
// Values are followed to a depth of 32, up to 10,000 in a record, and texts are
// printed up to 64 KiB. What is cut says so: "[cut: too deep]", "[cut: cycle]".
// Unexported fields are not read, since their package may be writing to them;
// handlers that would print them get "[cut: unexported fields]". A method that
// panics is not called again by the other handler.
//
// # What it cannot see
//
// A secret without a name in front of it and without a form that tells, such as
// a password in a sentence; one that was encoded or split; one in a name that
// means something else. Put it under a name of its own, or into a type whose
// LogValue hides it. Records that are written past the handler are not looked
// at: set it with [slog.SetDefault], and give the server's ErrorLog as
// [slog.NewLogLogger] of it.
package scopelog
