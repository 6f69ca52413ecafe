//go:build clients

package clients_test

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ntlm"
)

// judge is a program that accepts NTLM: it gets a message and returns its reply.
type judge struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

func startJudge(t *testing.T, cmd *exec.Cmd) *judge {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended already
		_ = cmd.Wait()
	})
	return &judge{t: t, in: in, out: bufio.NewReader(out)}
}

// send sends a line and returns the first two words of the reply.
func (j *judge) send(line string) (kind, rest string) {
	j.t.Helper()
	if _, err := fmt.Fprintln(j.in, line); err != nil {
		j.t.Fatal(err)
	}
	reply, err := j.out.ReadString('\n')
	if err != nil {
		j.t.Fatalf("no reply: %v", err)
	}
	kind, rest, _ = strings.Cut(strings.TrimSpace(reply), " ")
	return kind, rest
}

func (j *judge) challenge(encoded string) *ntlm.Challenge {
	j.t.Helper()
	message, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		j.t.Fatal(err)
	}
	challenge, err := ntlm.ParseChallenge(message)
	if err != nil {
		j.t.Fatal(err)
	}
	return challenge
}

func encode(message []byte) string { return base64.StdEncoding.EncodeToString(message) }

// serverCertificate makes a certificate, and the application data of its channel binding.
func serverCertificate(t *testing.T) (parsed *x509.Certificate, application string) {
	t.Helper()
	authority, err := sandbox.NewAuthority("CA")
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := authority.Issue(sandbox.ClientCertificate{Name: "mail.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text))
	if parsed, err = x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(parsed.Raw)
	return parsed, hex.EncodeToString([]byte("tls-server-end-point:" + string(digest[:])))
}

func TestGSSAPIAcceptsNTLMWithChannelBinding(t *testing.T) {
	t.Parallel()
	own, application := serverCertificate(t)
	other, _ := serverCertificate(t)
	for name, c := range map[string]struct {
		password string
		binding  []byte
		want     string
	}{
		"right binding":        {"pässwörd 1", ntlm.ChannelBinding(own), "accepted"},
		"binding of a proxy":   {"pässwörd 1", ntlm.ChannelBinding(other), "rejected"},
		"without binding":      {"pässwörd 1", nil, "accepted"}, // gss-ntlmssp does not require one
		"wrong password":       {"wrong", ntlm.ChannelBinding(own), "rejected"},
		"no binding requested": {"pässwörd 1", ntlm.ChannelBinding(own), "accepted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			users := filepath.Join(t.TempDir(), "users")
			if err := os.WriteFile(users, []byte("SIM:svc-riva:pässwörd 1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			arguments := []string{"ntlm_acceptor.py", application}
			if name == "no binding requested" {
				arguments = arguments[:1]
			}
			cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", arguments...)
			cmd.Env = append(os.Environ(), "NTLM_USER_FILE="+users, "LC_ALL=C.UTF-8")
			j := startJudge(t, cmd)
			kind, message := j.send(encode(ntlm.Negotiate()))
			if kind != "continue" {
				t.Fatalf("%s %s", kind, message)
			}
			proof := j.challenge(message).Authenticate(ntlm.Login{
				User: `SIM\svc-riva`, Password: c.password, Service: "HTTP/mail.example.com", Binding: c.binding, Now: time.Now,
			})
			if got, why := j.send(encode(proof)); got != c.want {
				t.Errorf("%s %s, want %s", got, why, c.want)
			}
		})
	}
}

func TestSambaAcceptsNTLM(t *testing.T) {
	t.Parallel()
	own, _ := serverCertificate(t)
	for password, want := range map[string]string{"Passw0rd-1": "AF", "wrong": "NA"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			config := filepath.Join(t.TempDir(), "smb.conf")
			if err := os.WriteFile(config, []byte("[global]\nworkgroup = SIM\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			j := startJudge(t, exec.CommandContext(t.Context(), find(t, "ntlm_auth"), "--helper-protocol=squid-2.5-ntlmssp",
				"--configfile="+config, "--username=svc-riva", "--domain=SIM", "--password=Passw0rd-1"))
			kind, message := j.send("YR " + encode(ntlm.Negotiate()))
			if kind != "TT" {
				t.Fatalf("%s %s", kind, message)
			}
			proof := j.challenge(message).Authenticate(ntlm.Login{
				User: `SIM\svc-riva`, Password: password, Service: "HTTP/mail.example.com",
				Binding: ntlm.ChannelBinding(own), Now: time.Now,
			})
			if got, why := j.send("KK " + encode(proof)); got != want {
				t.Errorf("%s %s, want %s", got, why, want)
			}
		})
	}
}
