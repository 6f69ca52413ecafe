package serve

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Check returns what is wrong with the options as far as that is known without opening anything, joined with [errors.Join].
func (o *Options) Check() error {
	return errors.Join(o.checkListen(), o.checkMetricsListen(), o.checkTLS(), o.checkPublicURL(), o.checkStorage(),
		o.checkPeriods(), o.checkTargets())
}

func (o *Options) checkTargets() error {
	_, err := target.NewAddresses(o.Targets)
	return err
}

func (o *Options) isTLS() bool { return o.TLSCertificate != "" && o.TLSKey != "" }

func (o *Options) checkListen() error {
	if err := checkAddress("listen", o.Listen); err != nil {
		return err
	}
	if !o.isTLS() && !o.InsecureHTTP && !isLoopback(o.Listen) && o.TLSCertificate == "" && o.TLSKey == "" {
		return fmt.Errorf("%s: other machines reach %s, and without TLS they could read tokens on the way: configure %s and %s, or "+
			"listen at a loopback address; behind a proxy that ends TLS, allow it with %s",
			Flag("listen"), o.Listen, Flag("tls-certificate"), Flag("tls-key"), Flag("insecure-http"))
	}
	return nil
}

func (o *Options) checkMetricsListen() error {
	if o.MetricsListen == "" {
		return nil
	}
	if err := checkAddress("metrics-listen", o.MetricsListen); err != nil {
		return err
	}
	if _, port, _ := net.SplitHostPort(o.Listen); o.MetricsListen == o.Listen && port != "0" {
		return fmt.Errorf("%s and %s are both %s: the metrics have a listener of their own",
			Flag("listen"), Flag("metrics-listen"), o.Listen)
	}
	return nil
}

// checkAddress checks the form host:port.
func checkAddress(flag, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is not an address such as 127.0.0.1:8080, [::1]:8080 or :8443", Flag(flag), address)
	}
	return nil
}

// isLoopback reports whether only this machine reaches an address.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}

func (o *Options) checkTLS() error {
	const pair = "a certificate and its key belong together: configure both, or none"
	switch {
	case o.TLSCertificate == "" && o.TLSKey != "":
		return fmt.Errorf("%s is set without %s: %s", Flag("tls-key"), Flag("tls-certificate"), pair)
	case o.TLSCertificate != "" && o.TLSKey == "":
		return fmt.Errorf("%s is set without %s: %s", Flag("tls-certificate"), Flag("tls-key"), pair)
	case o.isTLS() && o.InsecureHTTP:
		return fmt.Errorf("%s and %s contradict each other: the listener speaks either TLS or plain http",
			Flag("tls-certificate"), Flag("insecure-http"))
	}
	return nil
}

func (o *Options) checkPublicURL() error {
	if o.PublicURL == "" {
		if _, _, err := net.SplitHostPort(o.Listen); err == nil && !isLoopback(o.Listen) {
			return fmt.Errorf("%s is missing: other machines reach %s, and links for people and access tokens need the address that "+
				"they use, such as https://riva.example.com", Flag("public-url"), o.Listen)
		}
		return nil
	}
	u, err := url.Parse(o.PublicURL)
	if err != nil || u.Host == "" || strings.TrimRight(o.PublicURL, "/") != u.Scheme+"://"+u.Host ||
		u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%s must be an address without a path, such as https://riva.example.com", Flag("public-url"))
	}
	if u.Scheme == "http" && !o.InsecureHTTP && !isLoopback(net.JoinHostPort(u.Hostname(), "80")) {
		return fmt.Errorf("%s must start with https://: plain http is for loopback addresses, unless %s is set",
			Flag("public-url"), Flag("insecure-http"))
	}
	if u.Scheme == "http" && o.isTLS() {
		return fmt.Errorf("%s starts with http://, and %s is set: browsers reach a listener with TLS over https only",
			Flag("public-url"), Flag("tls-certificate"))
	}
	return nil
}

// maxURL is more than an address of a database has, in bytes.
const maxURL = 16 << 10

// readDatabaseURL reads the address of the database from the configured file.
func (o *Options) readDatabaseURL() error {
	if o.DatabaseURLFile == "" {
		return nil
	}
	if o.Storage.DatabaseURL != "" {
		return fmt.Errorf("RIVA_DATABASE_URL and %s are set, and each is the address of a database: unset one of them",
			Flag("database-url-file"))
	}
	content, err := store.ReadFile(o.DatabaseURLFile, maxURL)
	if err != nil {
		return fmt.Errorf("%s: %w", Flag("database-url-file"), err)
	}
	if o.Storage.DatabaseURL = strings.TrimSpace(string(content)); o.Storage.DatabaseURL == "" {
		return fmt.Errorf("%s: %s is empty", Flag("database-url-file"), o.DatabaseURLFile)
	}
	return nil
}

func (o *Options) checkStorage() error {
	s := &o.Storage
	if s.DatabaseURL == "" && o.DatabaseURLFile != "" && s.DataDir == "" {
		return nil // readDatabaseURL has reported why it is missing
	}
	if s.DatabaseURL == "" && s.DataDir == "" {
		return fmt.Errorf("nothing says where to store everything: set RIVA_DATABASE_URL or %s to the address of a PostgreSQL "+
			"database, or %s to a directory on this machine", Flag("database-url-file"), Flag("data-dir"))
	}
	if s.DatabaseURL != "" && s.DataDir != "" {
		return fmt.Errorf("RIVA_DATABASE_URL or %s, and %s are set, and each is another place to store everything: unset one of them",
			Flag("database-url-file"), Flag("data-dir"))
	}
	if s.Keyset != "" && s.KeysetJSON != "" {
		return fmt.Errorf("%s and RIVA_KEYSET_JSON are set, and each is another keyset: unset one of them", Flag("keyset"))
	}
	if n := s.Connections; s.DatabaseURL != "" && n != 0 && (n < minConnections || n > maxConnections) {
		return fmt.Errorf("%s must be from %d to %d, but it is %d", Flag("database-connections"), minConnections, maxConnections, n)
	}
	return nil
}

func (o *Options) checkPeriods() error {
	if d := o.StopDelay; d < 0 || d > maxStopDelay {
		return fmt.Errorf("%s must be from 0s to %s, but it is %s", Flag("stop-delay"), maxStopDelay, d)
	}
	if p := o.SignInPeriod; p != 0 && (p < minSignInPeriod || p > maxSignInPeriod) {
		return fmt.Errorf("%s must be from %s to %s, but it is %s", Flag("sign-in-ttl"), minSignInPeriod, maxSignInPeriod, p)
	}
	return nil
}
