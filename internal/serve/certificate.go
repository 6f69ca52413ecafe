package serve

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// maxPEM is more than the file of a certificate with its authorities has, in bytes.
const maxPEM = 1 << 20

// certificate is the certificate of the listener, with its key. The files are polled: what watches files misses the symbolic
// links that Kubernetes replaces.
type certificate struct {
	file, keyFile string
	now           func() time.Time
	log           *slog.Logger
	current       atomic.Pointer[tls.Certificate]
	// tried is the digest of the contents that were read last, so that a bad pair is reported once.
	tried [sha256.Size]byte
}

// loadCertificate reads the pair for the first time.
func (o *Options) loadCertificate(now func() time.Time, log *slog.Logger) (*certificate, error) {
	c := &certificate{file: o.TLSCertificate, keyFile: o.TLSKey, now: now, log: log}
	pair, _, err := c.read()
	if err != nil {
		return nil, err
	}
	c.current.Store(pair)
	return c, nil
}

// errUnchanged means that the files have the contents that were read last.
var errUnchanged = errors.New("the files did not change")

// read reads and checks the pair. Errors never quote a file.
func (c *certificate) read() (pair *tls.Certificate, changed bool, err error) {
	cert, err := readPEM("tls-certificate", c.file)
	key, keyErr := readPEM("tls-key", c.keyFile)
	err = errors.Join(err, keyErr)
	digest := sha256.Sum256(fmt.Appendf(nil, "%q %q %v", cert, key, err))
	if digest == c.tried {
		return nil, false, errUnchanged
	}
	if c.tried = digest; err != nil {
		return nil, true, err
	}
	read, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, true, c.describe(err)
	}
	switch leaf, now := read.Leaf, c.now(); {
	case now.After(leaf.NotAfter):
		return nil, true, fmt.Errorf("%s: the certificate in %s expired on %s", Flag("tls-certificate"), c.file,
			leaf.NotAfter.UTC().Format(time.RFC3339))
	case now.Before(leaf.NotBefore):
		return nil, true, fmt.Errorf("%s: the certificate in %s is valid from %s on only: check the clock of this machine",
			Flag("tls-certificate"), c.file, leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return &read, true, nil
}

// readPEM reads the file of an option.
func readPEM(flag, path string) ([]byte, error) {
	content, err := store.ReadFile(path, maxPEM)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Flag(flag), err)
	}
	return content, nil
}

// describe words the errors of crypto/tls. They contain nothing of the files.
func (c *certificate) describe(err error) error {
	if strings.Contains(err.Error(), "does not match") {
		return fmt.Errorf("%s: the key in %s does not belong to the certificate in %s", Flag("tls-key"), c.keyFile, c.file)
	}
	return fmt.Errorf("%s and %s: %s and %s are not a certificate and its key in PEM form: %s", Flag("tls-certificate"),
		Flag("tls-key"), c.file, c.keyFile, strings.TrimPrefix(err.Error(), "tls: "))
}

// reload reads the files again. A pair that cannot be used is logged once, and the present one stays.
func (c *certificate) reload(ctx context.Context) {
	pair, changed, err := c.read()
	switch {
	case !changed:
	case err != nil:
		c.log.ErrorContext(ctx, "the new certificate cannot be used, and the previous one stays", "error", err,
			"expires", c.expires())
	default:
		c.current.Store(pair)
		c.log.InfoContext(ctx, "certificate reloaded", "subject", pair.Leaf.Subject.String(), "expires", pair.Leaf.NotAfter)
	}
}

// watch reloads until the context ends.
func (c *certificate) watch(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			c.reload(ctx)
		}
	}
}

// expires is the end of the certificate in use.
func (c *certificate) expires() time.Time { return c.current.Load().Leaf.NotAfter }

// config is the TLS configuration of a listener with this certificate.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}
