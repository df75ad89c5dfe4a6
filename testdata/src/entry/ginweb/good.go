package ginweb

import "github.com/gin-gonic/gin"

// Verify verifies tokens.
type Verify func(token string) (org string, err error)

// Token takes the organisation from a token.
//
// case: entry/gin-token clean
func (v Verify) Token(c *gin.Context) {
	org, err := v(c.GetHeader("Authorization"))
	if err != nil {
		return
	}
	c.Set("ctxkey.org", org)
	c.Next()
}

// Locale keeps something else.
//
// case: entry/gin-other-key clean
func Locale(c *gin.Context) {
	c.Set("locale", c.GetHeader("Accept-Language"))
	c.Next()
}
