package call_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// requestLate makes a server request a certificate only with TLS 1.2, like one that requests it after it has read the request.
func requestLate(server *httptest.Server) {
	var requesting atomic.Pointer[tls.Config]
	server.TLS.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if slices.Contains(hello.SupportedVersions, tls.VersionTLS13) {
			return nil, nil //nolint:nilnil // the configuration stays
		}
		return requesting.Load(), nil
	}
	server.StartTLS()
	config := server.TLS.Clone()
	config.ClientAuth = tls.RequireAnyClientCert
	requesting.Store(config)
}

// certificateServer responds 403 without a client certificate. It notes the version of TLS and the body of each request.
func certificateServer(t *testing.T, config *tls.Config, late bool) (server *httptest.Server, received func() []string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		all = append(all, fmt.Sprintf("%s %s", tls.VersionName(r.TLS.Version), body))
		mu.Unlock()
		if len(r.TLS.PeerCertificates) == 0 {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	server.TLS = config.Clone()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	if late {
		requestLate(server)
	} else {
		server.StartTLS()
	}
	t.Cleanup(server.Close)
	return server, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func TestLateCertificate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config       *tls.Config
		requestLate  bool
		without      bool // a certificate
		status       int
		received     []string
		missed, late bool
	}{
		"requested late": {
			config: new(tls.Config), requestLate: true, status: http.StatusOK, received: []string{"TLS 1.3 0", "TLS 1.2 0", "TLS 1.2 1"},
		},
		"never requested": {
			config: new(tls.Config), status: http.StatusForbidden, missed: true, received: []string{"TLS 1.3 0", "TLS 1.2 0", "TLS 1.3 1"},
		},
		"TLS 1.3 only": {
			config: &tls.Config{MinVersion: tls.VersionTLS13}, status: http.StatusForbidden, missed: true, late: true,
			received: []string{"TLS 1.3 0", "TLS 1.3 1"},
		},
		"TLS 1.2 only": {
			config: &tls.Config{MaxVersion: tls.VersionTLS12}, status: http.StatusForbidden, missed: true,
			received: []string{"TLS 1.2 0", "TLS 1.2 1"},
		},
		"requested in the handshake": {
			config: &tls.Config{ClientAuth: tls.RequestClientCert}, status: http.StatusOK,
			received: []string{"TLS 1.3 0", "TLS 1.3 1"},
		},
		"no certificate": {
			config: new(tls.Config), requestLate: true, without: true, status: http.StatusForbidden,
			received: []string{"TLS 1.3 0", "TLS 1.3 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, received := certificateServer(t, test.config, test.requestLate)
			s := certificateSession(t, server, test.without)
			for i := range 2 {
				body := strings.NewReader(strconv.Itoa(i))
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, body)
				if err != nil {
					t.Fatal(err)
				}
				response, err := call.Send(s.Client, req)
				if err != nil || response.Status != test.status {
					t.Errorf("request %d: %d, %v", i, response.Status, err)
				}
			}
			if got := received(); !reflect.DeepEqual(got, test.received) {
				t.Errorf("received %q", got)
			}
			if missed, late := s.MissedCertificate(); missed != test.missed || late != test.late {
				t.Errorf("missed %t, late %t", missed, late)
			}
		})
	}
}

// certificateSession makes a session whose client trusts a server.
func certificateSession(t *testing.T, server *httptest.Server, without bool) call.Session {
	t.Helper()
	certificate, key := pemtest.Pair(t, "svc-riva", time.Now().Add(time.Hour))
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	pairs := []tls.Certificate{pair}
	if without {
		pairs = nil
	}
	a := failingAccount(nil)
	a.System.Grants = []target.Grant{{Secrets: []string{"password"}}}
	a.System.Fields = append(a.System.Fields, target.CACertificateField("for a test"))
	a.Settings = target.Settings{target.CACertificate: authority(server)}
	s, err := call.NewSession(a, call.Classifier{}, pairs...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return s
}
