package oraclecrmondemand

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

func textResponse(status int, message string) sandbox.Response {
	header := http.Header{"Content-Type": {"text/plain; charset=UTF-8"}, "Cache-Control": {"no-cache"}}
	return sandbox.Response{Status: status, Header: header, Body: []byte(message)}
}

// sessionUnavailable is Oracle's code for a missing session, among other causes.
const sessionUnavailable = "SBL-ODU-01006"

// fault returns a SOAP fault with a code and a message.
func fault(status int, code, message string) sandbox.Response {
	return envelope(status, fmt.Sprintf(`<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>%s</faultstring>`+
		`<detail><ErrorCode>%s</ErrorCode><ErrorMessage>%s</ErrorMessage></detail></SOAP-ENV:Fault>`,
		escape(message), escape(code), escape(message)))
}

func envelope(status int, body string) sandbox.Response {
	return sandbox.Response{
		Status: status, Header: http.Header{"Content-Type": {"text/xml;charset=UTF-8"}},
		Body: []byte(`<?xml version="1.0" encoding="UTF-8"?>` +
			`<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>` + body +
			`</SOAP-ENV:Body></SOAP-ENV:Envelope>`),
	}
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder never fails
	return b.String()
}
