package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// wire is a relay between a store and PostgreSQL. It counts how often the store asks for an answer, which is a round trip.
type wire struct {
	// address is that of the database behind the relay.
	address string
	trips   atomic.Int64
	// refused are the start-up parameters that the relay refuses, as poolers do.
	refused []string
	server  string
}

func newWire(t *testing.T, address string, refused ...string) *wire {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	const socket = ".s.PGSQL.5432"
	query, dir := parsed.Query(), t.TempDir()
	w := &wire{server: filepath.Join(query.Get("host"), socket), refused: refused}
	query.Set("host", dir)
	parsed.RawQuery = query.Encode()
	w.address = parsed.String()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	})
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go w.relay(client)
		}
	}()
	return w
}

// relay ends when either side ends.
func (w *wire) relay(client net.Conn) {
	defer func() { _ = client.Close() }()
	startup, err := readMessage(client, nil)
	if err != nil {
		return
	}
	for _, name := range w.refused {
		if strings.Contains(string(startup), "\x00"+name+"\x00") {
			_, _ = client.Write(errorResponse("08P01", "unsupported startup parameter: "+name))
			return
		}
	}
	server, err := net.Dial("unix", w.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()
	for message := startup; ; {
		if _, err := server.Write(message); err != nil {
			return
		}
		kind := make([]byte, 1)
		if _, err := io.ReadFull(client, kind); err != nil {
			return
		}
		if message, err = readMessage(client, kind); err != nil {
			return
		}
		// A simple query, or the end of an extended one. The pool pings a connection that was idle for a second.
		if message[0] == 'S' || message[0] == 'Q' && !bytes.Contains(message, []byte("-- ping")) {
			w.trips.Add(1)
		}
	}
}

// readMessage reads the rest of a message of PostgreSQL's protocol, whose first four bytes are its length.
func readMessage(from io.Reader, kind []byte) ([]byte, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(from, length); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(length)
	if size < 4 || size > 1<<24 {
		return nil, errors.New("not a message")
	}
	rest := make([]byte, size-4)
	_, err := io.ReadFull(from, rest)
	return append(append(kind, length...), rest...), err
}

func errorResponse(code, message string) []byte {
	body := "SFATAL\x00VFATAL\x00C" + code + "\x00M" + message + "\x00\x00"
	return append(binary.BigEndian.AppendUint32([]byte{'E'}, uint32(len(body)+4)), body...)
}

// count returns the round trips of a function that has run before, so that its statements are prepared.
func (w *wire) count(t *testing.T, f func() error) int64 {
	t.Helper()
	for range 2 {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	before := w.trips.Load()
	if err := f(); err != nil {
		t.Fatal(err)
	}
	return w.trips.Load() - before
}
