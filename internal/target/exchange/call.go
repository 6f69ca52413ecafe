package exchange

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// userAgent names this program to the server, where policies can admit or refuse programs by name.
const userAgent = "terraform-provider-riva"

// call sends an operation, acting as the user if there is one, and gives the first message of the answer, also with a
// fault if the message tells it. Its errors are *[target.Fault].
func (s *session) call(ctx context.Context, operation any, user string) (*message, error) {
	body, err := writeRequest(operation, user)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make EWS request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("Accept", "text/xml")
	req.Header.Set("User-Agent", userAgent)
	req.SetBasicAuth(s.username, s.password)
	if user != "" {
		// Front-end servers find the user's back-end server by this header.
		req.Header.Set("X-AnchorMailbox", user)
	}
	answer, err := target.Send(s.http, req)
	if err != nil {
		return nil, s.unreachable(err)
	}
	return s.read(answer)
}

// read finds the first message of an answer, or the fault in it.
func (s *session) read(a target.Answer) (*message, error) {
	envelope, err := readAnswer(a.Body)
	if err != nil {
		if fault := s.notOffered(a); fault != nil {
			return nil, fault
		}
		if fault := s.classifier.Failure(a, nil); fault != nil {
			return nil, fault
		}
		return nil, s.classifier.Unreadable(a, err)
	}
	words := envelope.words(a.Status)
	if fault := s.classifier.Failure(a, words); fault != nil {
		if words != nil && words.Code == errorMissingEmailAddress {
			fault.Field = "username" // of an account without a mailbox
		}
		return envelope.first(), fault
	}
	if envelope.Version != nil {
		s.version = *envelope.Version
	}
	return envelope.first(), nil
}
