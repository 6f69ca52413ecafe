package exchange

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

// A server that requests NTLM never gets the password, whatever its challenge is, and a handshake ends after a few requests.
func FuzzHandshake(f *testing.F) {
	challenge := "NTLMSSP\x00\x02\x00\x00\x00\x04\x00\x04\x00\x38\x00\x00\x00\x01\x82\x89\xa2" + "\x01\x02\x03\x04\x05\x06\x07\x08" +
		strings.Repeat("\x00", 8) + "\x04\x00\x04\x00\x3c\x00\x00\x00\x0a\x00\x63\x45\x00\x00\x00\x0fD\x00O\x00\x00\x00\x00\x00"
	f.Add("NTLM", []byte(challenge))
	f.Add("Negotiate", []byte(challenge[:40]))
	f.Add("ntlm", []byte("NTLMSSP\x00\x02\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"+strings.Repeat("\xff", 60)))
	f.Add("NTLM", []byte{})
	f.Add("Basic, NTLM", []byte("x"))
	f.Fuzz(func(t *testing.T, scheme string, challenge []byte) {
		server := &hostileServer{scheme: scheme, challenge: base64.StdEncoding.EncodeToString(challenge)}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://h.example.com/", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("EXAMPLE\\svc", fuzztest.Canary)
		resp, err := (&passwordTransport{next: server, basic: true}).RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		if len(server.sent) > 3 {
			t.Errorf("%d requests", len(server.sent))
		}
		offersNTLM := ntlmScheme(http.Header{"Www-Authenticate": {scheme}}) != ""
		for _, header := range server.sent {
			_, token, _ := strings.Cut(header, " ")
			plain, _ := base64.StdEncoding.DecodeString(token)
			if offersNTLM && strings.Contains(string(plain), fuzztest.Canary) {
				t.Errorf("the password was sent: %q", header)
			}
		}
	})
}

// hostileServer rejects every request, with a challenge.
type hostileServer struct {
	scheme, challenge string
	sent              []string
}

func (s *hostileServer) RoundTrip(req *http.Request) (*http.Response, error) {
	s.sent = append(s.sent, req.Header.Get("Authorization"))
	if req.Body != nil {
		if err := req.Body.Close(); err != nil {
			return nil, err
		}
	}
	value := s.scheme
	if len(s.sent) == 2 {
		value += " " + s.challenge
	}
	return &http.Response{
		StatusCode: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {value}}, Body: http.NoBody, Request: req,
		ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// An answer of Autodiscover is read or is an error, in both of its forms.
func FuzzAutodiscover(f *testing.F) {
	f.Add([]byte(`<Autodiscover><Response><Account><Protocol><Type>EXPR</Type><EwsUrl>https://h/ews</EwsUrl></Protocol></Account>` +
		`</Response></Autodiscover>`))
	f.Add([]byte(`<Autodiscover><Response><Error><ErrorCode>500</ErrorCode><Message>` + fuzztest.Canary +
		`</Message></Error></Response></Autodiscover>`))
	f.Add([]byte(`<Envelope><Body><GetUserSettingsResponseMessage><Response><ErrorCode>NoError</ErrorCode><UserResponses>` +
		`<UserResponse><UserSettings><UserSetting><Name>ExternalEwsUrl</Name><Value>https://h/ews</Value></UserSetting>` +
		`</UserSettings></UserResponse></UserResponses></Response></GetUserSettingsResponseMessage></Body></Envelope>`))
	f.Add([]byte(`<!DOCTYPE a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, read := range map[string]func([]byte) (*autodiscoverResult, error){"POX": readPOX, "SOAP": readSOAP} {
			if found, err := read(body); (found == nil) != (err != nil) {
				t.Errorf("%s: got %v, %v", name, found, err)
			}
		}
	})
}
