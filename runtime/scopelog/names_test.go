package scopelog

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	n := newNames([]string{foldKey("National-ID"), foldKey("ssn")})
	for _, c := range []struct {
		want  verdict
		names string
	}{
		{machine, `authorization Authorization AUTHORIZATION proxy-authorization X-Authorization cookie Cookie set-cookie SetCookie X-Api-Key x_api_key
			xApiKey XAPIKey API-KEY apikey stripe_api_key token Token access_token accessToken ACCESS_TOKEN accesstoken refresh-token idToken ID_TOKEN
			github.token user[token] session SESSION userSession user_session session_id sessionId SessionID JSESSIONID PHPSESSID sid connect.sid private_key
			secretKey signing-key encryptionKey ssh_key aws_secret_access_key jwt bearer csrf xsrf csrf_token X-CSRF-Token token2 token_value tokenString
			authTokenHeader authorization_header token_hash rawToken token_raw_value`},
		{human, `password Password PASSWORD passwd db_passwd pwd userPwd passphrase passcode secret client_secret clientSecret CLIENT-SECRET new_password
			password1 password_2 passwordHash otp totp user_otp pin cardPin credential connectionString national-id nationalID NATIONAL_ID
			customer.national_id customerNationalId ssn user_ssn`},
		{plural, `tokens maxTokens max_tokens cookies passwords secrets credentials sessions api_keys APIKeys`},
		{public, `a id ID user name msg error status path token_count tokenCount tokenizer tokenType token_type token_expires_at secretary secret_name session_count
			sessionDuration password_changed_at passwordless cookie_consent key keys primary_key cache_key public_key author authority authorized inside president
			spin pinned opinion monkey turnkey keyboard assn lesson classname international_ideas grid cwd jwtType bearers_of_news hash value header
			x y 1 42 - _ . ä ünï`},
	} {
		for name := range strings.FieldsSeq(c.names) {
			if got := n.check(name); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
			if got := n.check(strings.Repeat("long_", 30) + name); got != c.want {
				t.Errorf("long_…_%s: %d, want %d", name, got, c.want)
			}
		}
	}
	if v := n.check(""); v != public {
		t.Errorf("no name: %d", v)
	}
}

func TestParamNames(t *testing.T) {
	n := newNames(nil)
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"token", "x", true}, {"sig", "x", true}, {"X-Amz-Signature", "x", true}, {"auth", "x", true}, {"ticket", "x", true}, {"SAMLResponse", "x", true},
		{"key", "12345678", true}, {"api.key", "12345678", true}, {"code", "abcdefgh", true}, {"key", "1234567", false}, {"code", "404", false},
		{"monkey", "12345678", false}, {"barcode", "12345678", false}, {"design", "x", false}, {"page", "12345678", false},
	} {
		if got := n.checkParam(c.name, c.value) != public; got != c.want {
			t.Errorf("%s=%s: %v, want %v", c.name, c.value, got, c.want)
		}
	}
}
