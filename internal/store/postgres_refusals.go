package store

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// refusals say why the server or this machine refuses, and what to do, by the condition of PostgreSQL. The text takes the message
// of the server.
var refusals = map[string]string{
	pgInvalidPassword: "refuses the login: %s. Correct the user name and the password of its address; the password may also have " +
		"expired (VALID UNTIL)",
	pgInvalidLogin: "refuses the login: %s. Correct the user name and the password of its address, or allow the login in the " +
		"server's pg_hba.conf and with ALTER ROLE (LOGIN, VALID UNTIL)",
	pgUnknownDatabase: "does not exist: create it with CREATE DATABASE, or correct the name in its address",
	pgMissingRight: "refuses a right: %s. The owner of the tables grants it with the statements that the subcommand migrate " +
		"prints (run terraform-provider-riva migrate). To migrate, a role must own the tables or, the first time, have CREATE on the " +
		"database",
	pgReadOnly: "cannot be written: %s. It is a standby server, or default_transaction_read_only is on: use the address of the " +
		"primary server, such as with several hosts and target_session_attrs=read-write",
	pgProtocolViolation: "refuses the connection: %s. A connection pooler may be in between: use the address of the server " +
		"itself, or let the pooler accept start-up parameters (PgBouncer: ignore_startup_parameters)",
}

// errTLSRefused is the text of the driver, which has no error of its own for it.
const errTLSRefused = "server refused TLS connection"

// refusalReason completes the sentence "the database …" for an error that does not pass by itself; it is empty for every other
// one.
func refusalReason(err error) string {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	if ok {
		text := refusals[failure.Code]
		if strings.Contains(text, "%s") {
			return fmt.Sprintf(text, strings.TrimRight(failure.Message, "."))
		}
		return text
	}
	if _, connecting := errors.AsType[*pgconn.ConnectError](err); !connecting {
		return ""
	}
	return connectRefusal(err)
}

// connectRefusal is refusalReason for an error before the server has answered.
func connectRefusal(err error) string {
	var (
		lookup    *net.DNSError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		untrusted *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return fmt.Sprintf("cannot be reached: the host name %q does not exist: correct the host in its address", lookup.Name)
	case strings.Contains(err.Error(), errTLSRefused):
		return "cannot be reached: its server does not use TLS, and the password is not sent without it: turn TLS on (ssl = on in " +
			"postgresql.conf)"
	case errors.As(err, &authority):
		return "cannot be reached: the certificate of its server is from an authority that this machine does not trust: add " +
			"sslrootcert=FILE to its address, or configure ca_certificate (RIVA_CA_CERTIFICATE)"
	case errors.As(err, &name):
		return fmt.Sprintf("cannot be reached: the certificate of its server is not valid for the host %q: use the host name that the "+
			"certificate has, or give the server a certificate for this one", name.Host)
	case errors.As(err, &untrusted):
		return fmt.Sprintf("cannot be reached: the certificate of its server is not valid (%v): renew it", untrusted.Err)
	}
	return ""
}

// Passes reports whether an error of the database passes by itself, as when its server restarts.
func Passes(err error) bool { return errors.As(err, new(*model.UnavailableError)) }
