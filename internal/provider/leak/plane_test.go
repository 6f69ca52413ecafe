package leak_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// controlPlane is an embedded control plane, and all that it says.
type controlPlane struct {
	*api.Client

	dataDir, keyset string
	control         *embedded.ControlPlane

	mu    sync.Mutex
	texts []placed
	// during is what the control plane does.
	during string
	log    bytes.Buffer
}

// placed is a text, the place where it was found, and what the control plane did then.
type placed struct{ place, during, text string }

// The places of a control plane.
const (
	answers   = "answers of the API"
	clientLog = "log of the client"
	planeLog  = "log of the control plane"
	errorText = "errors"
	dataFiles = "data directory"
)

// openPlane opens a control plane in a new data directory, and closes it with the test.
func openPlane(t *testing.T) *controlPlane {
	t.Helper()
	dir := t.TempDir()
	p := &controlPlane{dataDir: filepath.Join(dir, "data"), keyset: filepath.Join(dir, "keyset.json")}
	control, err := embedded.Open(t.Context(), embedded.Options{
		DataDir: p.dataDir, Keyset: p.keyset, Systems: catalog.All(),
		Logger: slog.New(slog.NewJSONHandler(&p.log, &slog.HandlerOptions{Level: slog.LevelDebug - 4})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close(t) })
	p.control = control
	p.Client, err = api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: p, Log: p.logged})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// close closes the control plane. It may be called more than once.
func (p *controlPlane) close(t *testing.T) {
	t.Helper()
	if err := p.control.Close(); err != nil {
		t.Error(err)
	}
}

func (p *controlPlane) keep(place, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.texts = append(p.texts, placed{place, p.during, text})
}

// RoundTrip keeps what the control plane answers.
func (p *controlPlane) RoundTrip(req *http.Request) (*http.Response, error) {
	response, err := p.control.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	p.keep(answers, fmt.Sprint(response.Header)+string(body))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

func (p *controlPlane) logged(_ context.Context, message string, fields map[string]any) {
	text, err := json.Marshal(fields)
	p.keep(clientLog, fmt.Sprint(message, string(text), err))
}

// readFiles keeps the files of the data directory as they are now, with the write-ahead log.
func (p *controlPlane) readFiles(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(p.dataDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		p.keep(dataFiles, string(content))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// search looks for the secrets in all places and reports what it finds. It returns the number of places.
func (p *controlPlane) search(t *testing.T, s *searcher) int {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.texts = append(p.texts, placed{planeLog, "", p.log.String()})
	places, reported := map[string]bool{}, map[string]bool{}
	for _, text := range p.texts {
		places[text.place] = true
		for _, l := range s.find(text.text) {
			if key := text.place + text.during + l.secret; !reported[key] {
				reported[key] = true
				t.Errorf("%s, %s: %s", text.place, text.during, l)
			}
		}
	}
	return len(places)
}
