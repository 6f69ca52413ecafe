package postgrestest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// Front is a TCP server in front of a database, such as a server with TLS or a connection pooler. Configure it before the first
// connection.
type Front struct {
	// TLS is the server's side of TLS; nil refuses TLS.
	TLS *tls.Config
	// Refuse is the answer to every login; nil forwards the login to the database.
	Refuse *pgproto3.ErrorResponse

	database *pgconn.Config
	listener net.Listener
	logins   atomic.Int32
	clients  sync.WaitGroup

	mu   sync.Mutex
	away bool
	open map[net.Conn]bool
}

// Away makes the database unreachable: all connections are closed, and so are new ones. Away(false) ends it.
func (f *Front) Away(away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = away
	if away {
		for client := range f.open {
			_ = client.Close() // it may be closed already
		}
	}
}

// admit registers a connection, unless the database is away.
func (f *Front) admit(client net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away {
		return false
	}
	if f.open == nil {
		f.open = map[net.Conn]bool{}
	}
	f.open[client] = true
	return true
}

func (f *Front) remove(client net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, client)
}

// NewFront starts a front for the database at an address of [New]. It ends with the test.
func NewFront(tb testing.TB, address string) *Front {
	tb.Helper()
	f := new(Front)
	var err error
	if f.database, err = pgconn.ParseConfig(address); err == nil {
		f.listener, err = net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it ends with the test
	}
	if err != nil {
		tb.Fatalf("start a front of the database: %v", err)
	}
	go f.serve()
	tb.Cleanup(func() {
		if err := f.listener.Close(); err != nil {
			tb.Errorf("stop the front of the database: %v", err)
		}
	})
	return f
}

// Address is the address for clients, with settings such as sslmode.
func (f *Front) Address(user *url.Userinfo, settings url.Values) string {
	address := url.URL{
		Scheme: "postgres", User: user, Host: f.listener.Addr().String(), Path: "/" + f.database.Database, RawQuery: settings.Encode(),
	}
	return address.String()
}

// Logins is how many clients have sent a login.
func (f *Front) Logins() int { return int(f.logins.Load()) }

func (f *Front) serve() {
	for {
		client, err := f.listener.Accept()
		if err != nil {
			return // closed
		}
		f.clients.Go(func() {
			defer client.Close() //nolint:errcheck // the client may have closed it
			if !f.admit(client) {
				return
			}
			defer f.remove(client)
			_ = f.handle(client) // the client sees what failed
		})
	}
}

// handle answers a client until it disconnects. PostgreSQL's manual, chapter "Frontend/Backend Protocol", has the messages.
func (f *Front) handle(client net.Conn) error {
	for {
		backend := pgproto3.NewBackend(client, client)
		first, err := backend.ReceiveStartupMessage()
		if err != nil {
			return err
		}
		if _, asksForTLS := first.(*pgproto3.SSLRequest); !asksForTLS {
			return f.login(client, backend, first)
		}
		answer := "N"
		if f.TLS != nil {
			answer = "S"
		}
		if _, err := io.WriteString(client, answer); err != nil {
			return err
		}
		if f.TLS != nil {
			client = tls.Server(client, f.TLS)
		}
	}
}

func (f *Front) login(client net.Conn, backend *pgproto3.Backend, first pgproto3.FrontendMessage) error {
	if _, isLogin := first.(*pgproto3.StartupMessage); isLogin {
		f.logins.Add(1)
		if f.Refuse != nil {
			backend.Send(f.Refuse)
			return backend.Flush()
		}
	}
	message, err := first.Encode(nil)
	if err != nil {
		return fmt.Errorf("forward the login: %w", err)
	}
	network, address := pgconn.NetworkAddress(f.database.Host, f.database.Port)
	database, err := net.Dial(network, address) //nolint:noctx // it ends with the client
	if err != nil {
		return err
	}
	if _, err := database.Write(message); err != nil {
		return errors.Join(err, database.Close())
	}
	f.clients.Go(func() {
		_, _ = io.Copy(client, database)
		_ = client.Close()
	})
	_, err = io.Copy(database, client)
	return errors.Join(err, database.Close())
}
