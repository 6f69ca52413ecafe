package store

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// connectTimeout limits connecting, unless the address has a limit of its own (connect_timeout).
const connectTimeout = 10 * time.Second

// errAddress does not quote the address: it has a password, and the driver's errors can have parts of it.
var errAddress = errors.New("the address of the database is invalid: it must have the form " +
	"postgres://user:password@host:5432/database?sslmode=verify-full, with special characters of the password in " +
	"percent-encoding")

// CheckPostgresAddress checks an address for [OpenPostgres] without a connection, and returns the name of the database in
// messages: host, port and name, without the user and the password.
func CheckPostgresAddress(address, caCertificate string) (place string, err error) {
	config, err := postgresConfig(address, PostgresOptions{Connections: 1, CACertificate: caCertificate})
	if err != nil {
		return "", err
	}
	return placeOf(config.ConnConfig), nil
}

// parseAddress reads the address. To other machines, it demands TLS with a verified certificate.
func parseAddress(address string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err == nil && unverifiedHost(&config.ConnConfig.Config) != "" && !choosesTLS.MatchString(address) {
		config, err = pgxpool.ParseConfig(withVerifiedTLS(address))
	}
	var file *fs.PathError
	switch {
	case errors.As(err, &file):
		return nil, fmt.Errorf("the address of the database names the file %s, which cannot be read (%w): correct the path, or "+
			"give this user access", file.Path, file.Err)
	case err != nil:
		return nil, errAddress
	}
	if host := unverifiedHost(&config.ConnConfig.Config); host != "" {
		return nil, fmt.Errorf("the address of the database does not verify the server %s, which could be another one that "+
			"reads the password: write sslmode=verify-full instead of the present sslmode. If this machine does not trust the "+
			"authority of its certificate, add sslrootcert=FILE, or configure ca_certificate (RIVA_CA_CERTIFICATE)", host)
	}
	return config, nil
}

// choosesTLS matches an address that has a setting for TLS.
var choosesTLS = regexp.MustCompile(`(^|[?&\s])ssl(mode)?\s*=`)

// withVerifiedTLS adds the setting to an address, which is a URL or has the form "host=… dbname=…".
func withVerifiedTLS(address string) string {
	separator := " "
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		separator = "?"
		if strings.Contains(address, "?") {
			separator = "&"
		}
	}
	return address + separator + "sslmode=verify-full"
}

// unverifiedHost returns a host on another machine that could be reached without verifying its certificate and name.
func unverifiedHost(config *pgconn.Config) string {
	for _, one := range everyHost(config) {
		verified := one.TLSConfig != nil && !one.TLSConfig.InsecureSkipVerify
		if !verified && !isThisMachine(one.Host, one.Port) {
			return one.Host
		}
	}
	return ""
}

// everyHost lists the hosts of an address, each with every way to connect to it.
func everyHost(config *pgconn.Config) []*pgconn.FallbackConfig {
	first := &pgconn.FallbackConfig{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}
	return append([]*pgconn.FallbackConfig{first}, config.Fallbacks...)
}

func isThisMachine(host string, port uint16) bool {
	if network, _ := pgconn.NetworkAddress(host, port); network == "unix" || host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// trust adds certificate authorities, in PEM, to those that the address or this machine trusts.
func trust(config *pgconn.Config, caCertificate string) error {
	if caCertificate == "" {
		return nil
	}
	for _, one := range everyHost(config) {
		if one.TLSConfig == nil {
			continue
		}
		pool := one.TLSConfig.RootCAs
		if pool == nil {
			var err error
			if pool, err = x509.SystemCertPool(); err != nil {
				return fmt.Errorf("read the machine's certificate authorities: %w", err)
			}
		}
		if !pool.AppendCertsFromPEM([]byte(caCertificate)) {
			return errors.New("ca_certificate (RIVA_CA_CERTIFICATE) does not contain a PEM certificate")
		}
		one.TLSConfig.RootCAs = pool
	}
	return nil
}
