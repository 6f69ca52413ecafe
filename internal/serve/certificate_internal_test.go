package serve

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

func TestBadCertificateIsReportedOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := Options{TLSCertificate: filepath.Join(dir, "tls.crt"), TLSKey: filepath.Join(dir, "tls.key")}
	cert, key := pemtest.Server(t, "riva", time.Now().Add(time.Hour))
	for path, text := range map[string]string{o.TLSCertificate: cert, o.TLSKey: key} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	c, err := o.loadCertificate(time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	c.reload(t.Context())
	if log.Len() > 0 {
		t.Errorf("the log of unchanged files: %s", log.String())
	}
	if err := os.Remove(o.TLSKey); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		c.reload(t.Context())
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "the previous one stays") {
		t.Errorf("the log of a missing key: %s", got)
	}
	if c.current.Load() == nil {
		t.Error("the certificate is gone")
	}
}
