package cli_test

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cli"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// serveFiles are files for the subcommand serve.
type serveFiles struct {
	dir string
	// certificate and key are a pair; otherKey belongs to another certificate, and expired has expired.
	certificate, key, otherKey, expired, expiredKey string
	keyset, otherKeyset                             string
	// takenPort is an address that is in use.
	takenPort string
}

func newServeFiles(t *testing.T) serveFiles {
	t.Helper()
	f := serveFiles{dir: t.TempDir()}
	file := func(name, text string) string {
		path := filepath.Join(f.dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	certificate, key := pemtest.Server(t, "riva", time.Now().Add(time.Hour))
	f.certificate, f.key = file("tls.crt", certificate), file("tls.key", key)
	_, key = pemtest.Server(t, "other", time.Now().Add(time.Hour))
	f.otherKey = file("other.key", key)
	certificate, key = pemtest.Server(t, "riva", time.Now().Add(-time.Hour))
	f.expired, f.expiredKey = file("expired.crt", certificate), file("expired.key", key)
	f.keyset, f.otherKeyset = filepath.Join(f.dir, "keyset.json"), filepath.Join(f.dir, "other-keyset.json")
	mustExecute(t, "keys", "create", f.keyset)
	mustExecute(t, "keys", "create", f.otherKeyset)
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := taken.Close(); err != nil {
			t.Error(err)
		}
	})
	f.takenPort = taken.Addr().String()
	return f
}

// clearServe removes the variables of the subcommand serve.
func clearServe(t *testing.T) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "RIVA_") {
			t.Setenv(name, "")
		}
	}
}

// refusal runs serve, which must end with a status, and returns what is printed.
func refusal(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	command := newCommand(append([]string{"serve"}, args...)...)
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.ExecuteContext(t.Context())
	if status := cli.Report(&out, err); status != want {
		t.Errorf("%q: exit status %d, want %d:\n%s", args, status, want, out.String())
	}
	return out.String()
}

// Each mistake is one line that names the flag and its variable, and the exit status is 2.
func TestServeRefusesUnusableConfigurations(t *testing.T) {
	clearServe(t)
	f := newServeFiles(t)
	data := []string{"--data-dir", filepath.Join(f.dir, "data"), "--keyset", f.keyset, "--listen", "127.0.0.1:0"}
	withData := func(args ...string) []string { return append(slices.Clip(data), args...) }
	pair := func(certificate, key string) []string {
		return withData("--tls-certificate", certificate, "--tls-key", key)
	}
	missing := filepath.Join(f.dir, "missing")
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		// want has a text of each line.
		want []string
	}{
		"an unknown flag":        {withData("--lissten", "x"), nil, []string{"unknown flag: --lissten: see"}},
		"an argument":            {withData("now"), nil, []string{`unknown command "now"`}},
		"a flag without a value": {withData("--public-url"), nil, []string{"flag needs an argument: --public-url"}},
		"a flag of another type": {withData("--sign-in-ttl", "a day"), nil, []string{"--sign-in-ttl"}},
		"a variable of that type": {data, map[string]string{"RIVA_SIGN_IN_TTL": "a day"}, []string{
			`RIVA_SIGN_IN_TTL: "a day" is not a valid value`}},
		"no place": {nil, nil, []string{"nothing says where to store everything"}},
		"two places": {data, map[string]string{"RIVA_DATABASE_URL": "postgres://riva:" + canary + "@127.0.0.1/riva"}, []string{
			"RIVA_DATABASE_URL or --database-url-file (RIVA_DATABASE_URL_FILE), and --data-dir (RIVA_DATA_DIR) are set"}},
		"two addresses of databases": {[]string{"--database-url-file", f.key}, map[string]string{
			"RIVA_DATABASE_URL": "postgres://riva:" + canary + "@127.0.0.1/riva"}, []string{"each is the address of a database"}},
		"two keysets": {data, map[string]string{"RIVA_KEYSET_JSON": canary}, []string{
			"--keyset (RIVA_KEYSET) and RIVA_KEYSET_JSON are set"}},
		"no keyset": {[]string{"--data-dir", filepath.Join(f.dir, "new")}, nil, []string{
			"a new data directory requires the keyset"}},
		"a missing keyset": {[]string{"--data-dir", filepath.Join(f.dir, "new"), "--keyset", missing}, nil, []string{
			missing + " does not exist"}},
		"a missing file with the address": {[]string{"--database-url-file", missing}, nil, []string{
			"--database-url-file (RIVA_DATABASE_URL_FILE): open " + missing}},
		"an address of another database": {nil, map[string]string{"RIVA_DATABASE_URL": "mysql://" + canary}, []string{
			"must have the form postgres://"}},
		"too many connections": {nil, map[string]string{
			"RIVA_DATABASE_URL": "postgres://riva@127.0.0.1/riva", "RIVA_DATABASE_CONNECTIONS": "9999"}, []string{
			"must be from 2 to 500"}},
		"a port that is in use": {withData("--listen", f.takenPort), nil, []string{
			"--listen (RIVA_LISTEN): the port of " + f.takenPort}},
		"a port of metrics in use": {withData("--metrics-listen", f.takenPort), nil, []string{
			"--metrics-listen (RIVA_METRICS_LISTEN)"}},
		"no port": {withData("--listen", "127.0.0.1"), nil, []string{
			`"127.0.0.1" is not an address such as`}},
		"a foreign address": {withData("--listen", "192.0.2.1:0", "--insecure-http", "--public-url", "http://riva"), nil, []string{
			"--listen (RIVA_LISTEN): listen tcp"}},
		"one port for both": {withData("--listen", "127.0.0.1:9", "--metrics-listen", "127.0.0.1:9"), nil, []string{
			"have a listener of their own"}},
		"plain http for others": {withData("--listen", ":0", "--public-url", "https://riva.example.com"), nil, []string{
			"without TLS they could read tokens"}},
		"a certificate without key": {withData("--tls-certificate", f.certificate), nil, []string{
			"is set without --tls-key"}},
		"a key without certificate": {withData("--tls-key", f.key), nil, []string{"is set without --tls-certificate"}},
		"another key": {pair(f.certificate, f.otherKey), nil, []string{
			"does not belong to the certificate"}},
		"an expired certificate": {pair(f.expired, f.expiredKey), nil, []string{"expired on"}},
		"a missing certificate": {pair(missing, f.key), nil, []string{
			"--tls-certificate (RIVA_TLS_CERTIFICATE): open " + missing}},
		"a missing pair":       {pair(missing, missing), nil, []string{"--tls-certificate", "--tls-key"}},
		"a directory":          {pair(f.dir, f.key), nil, []string{f.dir}},
		"a key as certificate": {pair(f.key, f.key), nil, []string{"are not a certificate and its key in PEM form"}},
		"TLS and plain http": {append(pair(f.certificate, f.key), "--insecure-http"), nil, []string{
			"contradict each other"}},
		"no address for others": {append(pair(f.certificate, f.key), "--listen", ":0"), nil, []string{
			"--public-url (RIVA_PUBLIC_URL) is missing"}},
		"an address with a path": {withData("--public-url", "https://riva.example.com/riva"), nil, []string{
			"without a path"}},
		"an address without https": {withData("--public-url", "http://riva.example.com"), nil, []string{
			"must start with https://"}},
		"plain browsers and TLS": {append(pair(f.certificate, f.key), "--public-url", "http://127.0.0.1"), nil, []string{
			"over https only"}},
		"a link for a second": {withData("--sign-in-ttl", "1s"), nil, []string{"must be from 1m0s to 168h0m0s"}},
		"a long delay":        {withData("--stop-delay", "1m"), nil, []string{"must be from 0s to 15s"}},
		"proxies by name": {withData("--trusted-proxies", "proxy.example.com"), nil, []string{
			"is not an address or a network"}},
		"a target that is never allowed": {withData("--allow-target", "169.254.169.254"), nil, []string{"--allow-target"}},
		"a proxy with a path": {withData("--target-proxy", "http://x:"+canary+"@p.example.com/x"), nil, []string{
			"--target-proxy"}},
		"a level": {withData("--log-level", "loud"), nil, []string{
			"must be debug, info, warn or error"}},
		"a format": {withData("--log-format", "xml"), nil, []string{"must be text or json"}},
		"several": {[]string{"--listen", ":0", "--tls-key", f.key, "--public-url", "riva", "--log-format", "xml"}, nil, []string{
			"must be text or json", "is set without --tls-certificate", "must be an address without a path", "nothing says where"}},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range c.env {
				t.Setenv(variable, value)
			}
			out := refusal(t, 2, c.args...)
			lines := strings.Split(strings.TrimSpace(out), "\n")
			if len(lines) != len(c.want) {
				t.Fatalf("%d lines, want %d:\n%s", len(lines), len(c.want), out)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(lines[i], "Error: ") || !strings.Contains(lines[i], want) {
					t.Errorf("line %d does not say %q: %s", i, want, lines[i])
				}
			}
			if strings.Contains(out, canary) || strings.Contains(out, "PRIVATE KEY") {
				t.Errorf("a secret is shown: %s", out)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(f.dir, "new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a data directory was created: %v", err)
	}
}

func TestServeChecksDatabase(t *testing.T) {
	clearServe(t)
	f := newServeFiles(t)
	d := database{address: postgrestest.New(t), keyset: f.keyset}
	t.Setenv("RIVA_DATABASE_URL", d.with(t, func(_ *url.URL, _ url.Values) {}))
	t.Setenv("RIVA_KEYSET", f.keyset)
	t.Setenv("RIVA_LISTEN", "127.0.0.1:0")
	want := func(status int, text string, args ...string) {
		t.Helper()
		out := refusal(t, status, args...)
		if !strings.HasPrefix(out, "Error: ") || strings.Count(out, "\n") != 1 || !strings.Contains(out, text) ||
			strings.Contains(out, canary) {
			t.Errorf("want one line with %q:\n%s", text, out)
		}
	}
	want(2, "has no tables of this program")
	mustExecute(t, "migrate")
	want(2, "was created with another keyset", "--keyset", f.otherKeyset)
	d.run(t, `DELETE FROM riva.schema_versions WHERE version_id = (SELECT MAX(version_id) FROM riva.schema_versions)`)
	want(2, "upgrade it with the subcommand migrate")
	d.run(t, `INSERT INTO riva.schema_versions (version_id, is_applied) VALUES (9000, TRUE)`,
		`UPDATE riva.schema_compatibility SET oldest_version = 9000`)
	want(2, "supports versions up to")
	t.Setenv("RIVA_DATABASE_URL", "postgres://riva:"+canary+"@127.0.0.1:1/riva?sslmode=disable")
	want(1, "cannot be reached") // another start can succeed
}
