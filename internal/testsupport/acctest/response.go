package acctest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// ReplaceResponse replaces a response of the control plane, as [Environment.Serve] allows.
func ReplaceResponse(resp *http.Response, status int, contentType string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	resp.StatusCode, resp.Status = status, http.StatusText(status)
	resp.Header.Set("Content-Type", contentType)
	resp.Header.Del("Content-Length")
	resp.ContentLength = int64(len(raw))
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return nil
}

// DecodeResponse reads the body of a response of the control plane.
func DecodeResponse(resp *http.Response, into any) error {
	return json.NewDecoder(resp.Body).Decode(into)
}
