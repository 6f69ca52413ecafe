package api

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const (
	// tokenFileAge is how long a token is used before its file is looked at again.
	tokenFileAge = 10 * time.Second
	// maxTokenFile is more than the longest token, in bytes.
	maxTokenFile = 64 << 10
)

// TokenFile returns a source of tokens that reads a file, and reads it again when it has changed, or when its token is rejected:
// the programs that write such files replace the token before it expires. Errors name the file, never its content.
func TokenFile(path string) oauth2.TokenSource { return &tokenFile{path: path} }

// tokenFile reads a token from a file.
type tokenFile struct {
	path string

	mu   sync.Mutex
	last string
}

// Token reads the file. The token "expires" soon, so that the file is looked at again.
func (f *tokenFile) Token() (*oauth2.Token, error) {
	token, err := readToken(f.path)
	if err != nil {
		return nil, fmt.Errorf("the token file %s: %w", f.path, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = token
	// The library counts a token as expired some seconds before its end.
	return &oauth2.Token{AccessToken: token, Expiry: time.Now().Add(2 * tokenFileAge)}, nil
}

func readToken(path string) (_ string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", withoutPath(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", errors.Join(err, errors.New("it is not a file"))
	}
	content, err := io.ReadAll(io.LimitReader(file, maxTokenFile+1))
	token := strings.TrimSpace(string(content))
	switch {
	case err != nil:
		return "", withoutPath(err)
	case token == "":
		return "", errors.New("the file is empty")
	case len(content) > maxTokenFile:
		return "", errors.New("the file is too long for a token")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("the file contains more than a token")
	}
	return token, nil
}

// secrets lists the token that was read last.
func (f *tokenFile) secrets() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return []string{f.last}
}

// withoutPath returns the error of the operating system without the path: the message has it already.
func withoutPath(err error) error {
	if failed, ok := errors.AsType[*os.PathError](err); ok {
		return failed.Err
	}
	return err
}
