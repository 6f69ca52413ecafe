package call

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"
)

// tlsAlertTimeout is how long a failed write waits for the server's TLS alert, which has the reason.
const tlsAlertTimeout = time.Second

// dialFunc opens a connection.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// tlsDialer makes TLS connections that do not lose the reason why a server closed one. With TLS 1.3 a server rejects our
// certificate, or the lack of one, after the handshake has ended for us. Then the write of the call fails first, and net/http
// reports only that.
func tlsDialer(dial dialFunc, config *tls.Config, timeout time.Duration) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, fmt.Errorf("read address: %w", err)
		}
		plain, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		own := config.Clone()
		own.ServerName = host
		conn := tls.Client(plain, own)
		handshakeCtx, cancel := context.WithTimeoutCause(ctx, timeout, errHandshakeTimeout)
		defer cancel()
		if err := conn.HandshakeContext(handshakeCtx); err != nil {
			_ = plain.Close()                                       // the handshake's error is more specific
			if context.Cause(handshakeCtx) == errHandshakeTimeout { //nolint:errorlint // it is compared, not searched
				return nil, errHandshakeTimeout
			}
			return nil, err
		}
		return &alertConn{Conn: conn, broken: make(chan struct{})}, nil
	}
}

// errHandshakeTimeout has the method Timeout, like the timeouts of package net.
var errHandshakeTimeout error = handshakeTimeout{}

type handshakeTimeout struct{}

func (handshakeTimeout) Error() string { return "the TLS handshake was not completed in time" }

func (handshakeTimeout) Timeout() bool { return true }

// alertConn is a connection whose failed writes return the error of the last read, which can be the server's alert.
type alertConn struct {
	*tls.Conn

	once   sync.Once
	broken chan struct{} // closed once reason is set
	reason error
}

func (c *alertConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		c.once.Do(func() {
			c.reason = err
			close(c.broken)
		})
	}
	return n, err
}

func (c *alertConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err == nil {
		return n, nil
	}
	select {
	case <-c.broken:
		return n, c.reason
	case <-time.After(tlsAlertTimeout):
		return n, err
	}
}
