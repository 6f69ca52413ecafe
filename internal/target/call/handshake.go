package call

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"
)

// tlsAlertTimeout is how long a connection that broke while a call was written is waited on for the reason.
const tlsAlertTimeout = time.Second

// tlsDialer makes TLS connections that do not lose the reason why a server ended one. With TLS 1.3 a server refuses our
// certificate, or that there is none, when the handshake is over for us. Then the call that is being written fails first,
// and net/http tells of that only.
func tlsDialer(dial func(context.Context, string, string) (net.Conn, error), config *tls.Config, timeout time.Duration,
) func(context.Context, string, string) (net.Conn, error) {
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
			_ = plain.Close()                                       // the handshake's error is the one to tell
			if context.Cause(handshakeCtx) == errHandshakeTimeout { //nolint:errorlint // it is compared, not searched
				return nil, errHandshakeTimeout
			}
			return nil, err
		}
		return &alertConn{Conn: conn, broken: make(chan struct{})}, nil
	}
}

// errHandshakeTimeout is a time-out to whoever asks.
var errHandshakeTimeout error = handshakeTimeout{}

type handshakeTimeout struct{}

func (handshakeTimeout) Error() string { return "the TLS handshake was not completed in time" }

func (handshakeTimeout) Timeout() bool { return true }

// alertConn is a connection whose writer is told what the reader was told.
type alertConn struct {
	net.Conn

	once   sync.Once
	broken chan struct{} // closed with reason
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
