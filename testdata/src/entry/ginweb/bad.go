// Package ginweb keeps the organisation in gin's context, under a string that
// the policy declares.
package ginweb

import "github.com/gin-gonic/gin"

// Header takes the organisation from a header.
//
// case: entry/gin-set
func Header(c *gin.Context) {
	c.Set("ctxkey.org", c.GetHeader("X-Org-ID")) // want `Context.GetHeader\("X-Org-ID"\) \(from the request\) becomes the tenant by way of Context.Set`
	c.Next()
}
