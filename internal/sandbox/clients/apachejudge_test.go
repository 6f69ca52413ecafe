//go:build clients

package clients_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	standin "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
)

// apacheConfig is a reverse proxy that requires a client certificate in one location, and so only after the request.
const apacheConfig = `
ServerName 127.0.0.1
ServerRoot "%[1]s"
DefaultRuntimeDir "%[1]s"
PidFile "%[1]s/pid"
ErrorLog /dev/stderr
LogLevel notice
User www-data
Group www-data
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
Listen %[2]s https
SSLEngine on
SSLProtocol -all %[3]s
SSLCertificateFile "%[1]s/server.pem"
SSLCACertificateFile "%[1]s/ca.pem"
SSLVerifyClient none
<Location "/EWS">
	SSLVerifyClient require
	ProxyPass "%[4]s"
</Location>
`

// startApache starts Apache in front of a stand-in, and returns the address of EWS and the certificate to trust.
func startApache(t *testing.T, protocols, clientCA string, behind *standin.Server) (address, trusted string) {
	t.Helper()
	dir := t.TempDir()
	certificate, key := ownServerCertificate(t)
	for name, content := range map[string]string{"server.pem": certificate + key, "ca.pem": clientCA} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	if err := listener.Close(); err != nil { // Apache listens there now
		t.Fatal(err)
	}
	config := fmt.Sprintf(apacheConfig, dir, at, protocols, strings.TrimSuffix(behind.URL(), "/Exchange.asmx"))
	file := filepath.Join(dir, "apache.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	// The context of the test would kill it, and leave its children.
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), find(t, "/usr/sbin/apache2"), "-f", file, "-DFOREGROUND")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(log)
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it ends its children
		for scanner.Scan() {                 // until it has written its whole log
		}
		_ = cmd.Wait()
	})
	var lines []string
	for scanner.Scan() {
		if lines = append(lines, scanner.Text()); strings.Contains(scanner.Text(), "resuming normal operations") {
			return "https://" + at + standin.Path, certificate
		}
	}
	t.Fatalf("Apache did not start:\n%s", strings.Join(lines, "\n"))
	return "", ""
}

// ownServerCertificate makes a certificate for the loopback address that signs itself.
func ownServerCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}))
}

// Apache requests the client certificate of a location after the request: with TLS 1.2 it renegotiates, with TLS 1.3 it needs
// post-handshake authentication, which our client does not support.
func TestApacheRequestsCertificateOfALocation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		protocols string
		untrusted bool
		want      target.Code
		field     string
	}{
		"TLS 1.2 and 1.3":       {protocols: "+TLSv1.2 +TLSv1.3"},
		"TLS 1.2":               {protocols: "+TLSv1.2"},
		"TLS 1.3":               {protocols: "+TLSv1.3", want: target.Misconfigured, field: "authentication"},
		"untrusted certificate": {protocols: "+TLSv1.2 +TLSv1.3", untrusted: true, want: target.GivenCredentials, field: "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			behind := start(t, standin.Options{Schemes: []standin.Scheme{standin.Basic}})
			issuer, err := sandbox.NewAuthority("CA")
			if err != nil {
				t.Fatal(err)
			}
			certificate, key, err := issuer.Issue(sandbox.ClientCertificate{Name: "svc-riva", Untrusted: c.untrusted})
			if err != nil {
				t.Fatal(err)
			}
			address, trusted := startApache(t, c.protocols, issuer.PEM(), behind)
			signedIn, _, err := call.SignIn(t.Context(), target.Account{
				System: exchange.System(),
				Settings: target.Settings{
					"ews_url": address, "username": behind.Service().Principal, "ca_certificate": trusted,
				},
				Credentials: target.Credentials{
					"password": behind.Service().Password, "certificate": certificate, "private_key": key,
				},
			})
			if c.want != "" {
				fault, _ := target.AsFault(err)
				if fault == nil || fault.Code != c.want || fault.Field != c.field || len(behind.SignInList()) != 0 {
					t.Errorf("got %v at %+v", err, fault)
				}
				if helps := fault != nil && slices.Contains(fault.Help, target.HelpLateCertificate); helps == c.untrusted {
					t.Errorf("the help about late authentication: %t", helps)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range []target.Test{target.Calendar, target.Mail} {
				if _, err := signedIn.Run(t.Context(), test, "ada@example.com"); err != nil {
					t.Error(err)
				}
			}
			if err := signedIn.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
