package sapc4c

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// rejectChange rejects changes: without a CSRF token as SAP does, and with one because records are read-only here.
func (r *request) rejectChange() sandbox.Response {
	if token := r.Request.Header.Get("X-Csrf-Token"); token == "" || strings.EqualFold(token, "fetch") {
		return csrfError()
	}
	return r.errorResponse(http.StatusNotImplemented, "OData/011", "This stand-in is read-only")
}

// csrfError is the response to a change without a valid CSRF token. It is plain text in all formats.
func csrfError() sandbox.Response {
	header := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Csrf-Token": {"Required"}}
	return sandbox.Response{Status: http.StatusForbidden, Header: header, Body: []byte("CSRF token validation failed")}
}

// withCSRFToken adds the CSRF token that a client requested.
func (r *request) withCSRFToken(a sandbox.Response) sandbox.Response {
	if strings.EqualFold(r.Request.Header.Get("X-Csrf-Token"), "fetch") && a.Status == http.StatusOK {
		a.Header.Set("X-Csrf-Token", rand.Text()+"==")
	}
	return a
}
