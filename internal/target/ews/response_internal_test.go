package ews

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// The client makes a response or a fault of any data.
func FuzzRead(f *testing.F) {
	const response = `<Envelope><Header><ServerVersionInfo MajorVersion="15"/></Header><Body><R><ResponseMessages>` +
		`<M ResponseClass="Success"><ResponseCode>NoError</ResponseCode><Folders><Folder><FolderId Id="a"/></Folder></Folders>` +
		`</M></ResponseMessages></R></Body></Envelope>`
	const fault = `<Envelope><Body><Fault><faultcode>a:ErrorServerBusy</faultcode><detail><MessageXml>` +
		`<Value Name="BackOffMilliseconds">99999999999999999999</Value></MessageXml></detail></Fault></Body></Envelope>`
	f.Add(http.StatusOK, response)
	f.Add(http.StatusInternalServerError, fault)
	f.Add(http.StatusServiceUnavailable, "<html><title>x</title>")
	f.Add(http.StatusOK, `<!DOCTYPE a><Envelope><Body><a/><b></Body></Envelope>`)
	f.Add(http.StatusInternalServerError, `<Envelope><Body><Fault></Fault></Body></Envelope>`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		c := &Client{Classifier: call.Classifier{Address: URLField, Errors: Errors()}}
		message, err := c.read(call.Response{Status: status, Header: http.Header{}, Body: []byte(body)}, "")
		if err == nil && (message.Class != "Success" || status < 200 || status > 299) {
			t.Errorf("accepted %d %q as a success", status, body)
		}
		if fault, ok := target.AsFault(err); err != nil && (!ok || fault.Message.String() == "") {
			t.Errorf("got %v, want a fault with a message", err)
		}
	})
}
