package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// outputBuffer has the output of the command. It can be read while the command runs.
type outputBuffer struct {
	mu      sync.Mutex
	text    strings.Builder
	written chan struct{} // receives for each write
}

func (o *outputBuffer) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer func() { o.written <- struct{}{} }()
	return o.text.Write(b)
}

func (o *outputBuffer) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// command runs the command until stop is called. Stop returns the error of the command.
func command(t *testing.T, args ...string) (out *outputBuffer, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out = &outputBuffer{written: make(chan struct{}, 100)}
	exited := make(chan error, 1)
	go func() { exited <- run(ctx, args, out) }()
	select {
	case <-out.written:
	case err := <-exited:
		cancel()
		t.Fatalf("it exited with %v: %s", err, out)
	case <-time.After(time.Minute):
		cancel()
		t.Fatal("it prints nothing")
	}
	return out, sync.OnceValue(func() error {
		cancel()
		return <-exited
	})
}

// value returns the value of a variable in a variables file.
func value(t *testing.T, content, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^(?:# )?` + name + ` += "(.*)"$`).FindStringSubmatch(content)
	if found == nil {
		t.Fatalf("no %s in\n%s", name, content)
	}
	return strings.ReplaceAll(found[1], `\n`, "\n")
}

func status(t *testing.T, c *http.Client, url, user, password string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(user, password)
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// signInToSalesforce signs in with each grant, with the values of a variables file.
func signInToSalesforce(t *testing.T, written string) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(value(t, written, "salesforce_ca_certificate")))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	defer transport.CloseIdleConnections()
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: transport})
	site, id := value(t, written, "salesforce_login_url"), value(t, written, "salesforce_client_id")
	secret, tokenURL := value(t, written, "salesforce_client_secret"), site+"/services/oauth2/token"
	for name, source := range map[string]oauth2.TokenSource{
		"client credentials": (&clientcredentials.Config{
			ClientID: id, ClientSecret: secret, TokenURL: tokenURL, AuthStyle: oauth2.AuthStyleInParams,
		}).TokenSource(ctx),
		"refresh token": (&oauth2.Config{
			ClientID: id, ClientSecret: secret,
			Endpoint: oauth2.Endpoint{TokenURL: tokenURL, AuthStyle: oauth2.AuthStyleInParams},
		}).TokenSource(ctx, &oauth2.Token{RefreshToken: value(t, written, "salesforce_refresh_token")}),
		"JWT bearer": (&jwt.Config{
			Email: id, Subject: value(t, written, "salesforce_username"), TokenURL: tokenURL, Audience: site,
			PrivateKey: []byte(value(t, written, "salesforce_private_key")), Expires: time.Minute,
		}).TokenSource(ctx),
	} {
		token, err := source.Token()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if identity, _ := token.Extra("id").(string); !strings.Contains(identity, value(t, written, "salesforce_organization_id")) {
			t.Errorf("%s signed in as %s", name, identity)
		}
	}
}

func TestVariablesFile(t *testing.T) {
	t.Parallel()
	for _, dashes := range []string{"-", "--"} {
		t.Run(dashes, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "terraform.tfvars")
			out, stop := command(t, dashes+"tfvars", name, dashes+"tls")
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(name)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v (%v)", info.Mode(), err)
			}
			written := string(content)
			url, password := value(t, written, "exchange_url"), value(t, written, "exchange_password")
			pool := x509.NewCertPool()
			pool.AppendCertsFromPEM([]byte(value(t, written, "exchange_ca_certificate")))
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
			defer transport.CloseIdleConnections()
			c := &http.Client{Transport: transport}
			if got := status(t, c, url, value(t, written, "exchange_username"), password); got != http.StatusOK {
				t.Errorf("sign-in with the values of the file: %d", got)
			}
			signInToSalesforce(t, written)
			for _, system := range []string{"/exchange", "/salesforce"} {
				if got := status(t, c, value(t, written, "sandbox_control_url")+system, "", ""); got != http.StatusOK {
					t.Errorf("control: %d", got)
				}
			}
			if !strings.Contains(written, `= ["ada@example.com", "grace@example.com", "alan@example.com"]`) {
				t.Errorf("users: %s", written)
			}
			for _, secret := range []string{
				"exchange_password", "salesforce_client_secret", "salesforce_private_key", "salesforce_refresh_token",
			} {
				if strings.Contains(out.String(), value(t, written, secret)) {
					t.Errorf("it printed %s: %s", secret, out)
				}
			}
			if !strings.Contains(out.String(), url) || !strings.Contains(out.String(), value(t, written, "salesforce_login_url")) {
				t.Errorf("it printed %s", out)
			}
			if err := stop(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the file was not removed (%v)", err)
			}
		})
	}
}

func TestForeignVariablesFileIsUnchanged(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "terraform.tfvars")
	if err := os.WriteFile(name, []byte("mine = true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"-tfvars", name}, io.Discard); err == nil {
		t.Error("it was overwritten")
	}
	if content, err := os.ReadFile(name); err != nil || string(content) != "mine = true\n" {
		t.Errorf("the file is now %q (%v)", content, err)
	}
}

func TestLeftOverVariablesFileIsReplaced(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "terraform.tfvars")
	if err := os.WriteFile(name, []byte(fileMarker+"exchange_url = \"http://127.0.0.1:1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stop := command(t, "-tfvars", name)
	content, err := os.ReadFile(name)
	if err != nil || strings.Contains(string(content), "127.0.0.1:1\"") {
		t.Errorf("the file is now %s (%v)", content, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestChosenSystemsAndAddresses(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	out, stop := command(t, "-systems", "salesforce", "-listen", "salesforce=127.0.0.1:0,salesforce/my_domain="+address)
	for _, want := range []string{"Salesforce, with", "address of my_domain", "http://" + address, "/salesforce/sign-ins"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not print %q: %s", want, out)
		}
	}
	if strings.Contains(out.String(), "exchange") {
		t.Errorf("it prints a system that was not selected: %s", out)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// freeAddress is an address at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

// All stand-ins run at the same time. Without a file, the output has the certificate authorities.
func TestAllSystems(t *testing.T) {
	t.Parallel()
	out, stop := command(t, "-systems", "all", "-tls")
	control := regexp.MustCompile(`http://127\.0\.0\.1:\d+/exchange\b`).FindString(out.String())
	for _, system := range standins.All() {
		transport := &http.Transport{}
		url := strings.TrimSuffix(control, "exchange") + system.Name
		if got := status(t, &http.Client{Transport: transport}, url, "", ""); got != http.StatusOK {
			t.Errorf("the control endpoint returns %d for %s", got, url)
		}
		transport.CloseIdleConnections()
		if !regexp.MustCompile(`(?s)\n` + system.Name + `_ca_certificate\n\n-----BEGIN CERTIFICATE`).MatchString(out.String()) {
			t.Errorf("it does not print the certificate authority of %s", system.Name)
		}
	}
	if strings.Contains(out.String(), "PRIVATE KEY") {
		t.Errorf("it prints a key: %s", out)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// The users are for a sync policy, which needs two systems.
func TestUsersOfOneSystemAreAComment(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "terraform.tfvars")
	_, stop := command(t, "-systems", "exchange", "-tfvars", name)
	content, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(content), "\n# user_emails ") {
		t.Errorf("the file contains %s (%v)", content, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestInvalidArguments(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"an unknown flag": {"-port", "1"}, "an argument": {"start"}, "a directory that does not exist": {"-tfvars", "/no/such/dir/x"},
		"an unknown system": {"-systems", "lotus"}, "a system twice": {"-systems", "exchange,exchange"}, "no system": {"-systems", ""},
		"an address of a system that is not started": {"-systems", "exchange", "-listen", "salesforce=127.0.0.1:0"},
		"an address of an unknown site":              {"-listen", "salesforce/their_domain=127.0.0.1:0"},
		"an address without a system":                {"-listen", "127.0.0.1:0"},
		"a system without an address":                {"-listen", "exchange"},
	} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for _, args := range [][]string{
		{"-listen", "exchange=0.0.0.0:0"}, {"-listen", "salesforce/my_domain=0.0.0.0:0"}, {"-control", "0.0.0.0:0"},
	} {
		if err := run(t.Context(), args, io.Discard); !errors.Is(err, sandbox.ErrNotLoopback) {
			t.Errorf("%v is not on loopback: %v", args, err)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"-help"}, &out); err != nil || !strings.Contains(out.String(), "-tfvars") {
		t.Errorf("%v: %s", err, &out)
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`plain`: `"plain"`, `a"b\c`: `"a\"b\\c"`, "two\nlines": `"two\nlines"`, `${var.x} %{if}`: `"$${var.x} %%{if}"`,
	} {
		if got := quote(in); got != want {
			t.Errorf("%q became %s, want %s", in, got, want)
		}
	}
}

// Terraform reads terraform.tfvars automatically. Any other file needs a flag with an absolute path.
func TestStartTextSaysHowToApply(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"terraform.tfvars": "In its directory:\n\n  terraform init\n  terraform apply\n",
		"all.tfvars":       "terraform apply -compact-warnings -var-file=",
	} {
		name := filepath.Join(t.TempDir(), base)
		out, stop := command(t, "-systems", "exchange", "-tfvars", name)
		if base != "terraform.tfvars" {
			want += name
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: the start text does not contain %q:\n%s", base, want, out)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}
