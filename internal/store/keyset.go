package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Keyset seals credentials and computes keyed digests. It comes from [OpenKeyset], [ReadKeyset] or [ParseKeyset]; the zero
// Keyset is not valid. Every key of the file can open and match; only the primary key seals and digests. So keys can be
// rotated.
type Keyset struct {
	seal   tink.AEAD
	digest tink.MAC
}

// String hides the keys from everything that prints a Keyset.
func (Keyset) String() string { return "[keyset]" }

// GoString hides the keys from %#v.
func (Keyset) GoString() string { return "[keyset]" }

func (k Keyset) valid() bool { return k.seal != nil && k.digest != nil }

// keysetFile is the format of the file: two Tink keysets in Tink's JSON.
type keysetFile struct {
	Seal   json.RawMessage `json:"seal"`
	Digest json.RawMessage `json:"digest"`
}

// newKeysetFile creates new keys and returns the content of their file. The nonces of XChaCha20-Poly1305 are long enough to
// be random for any number of credentials.
func newKeysetFile() ([]byte, error) {
	sealKeys, err := newKeys(keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate()))
	if err != nil {
		return nil, err
	}
	digestKeys, err := newKeys(keyset.NewHandle(mac.HMACSHA256Tag256KeyTemplate()))
	if err != nil {
		return nil, err
	}
	content, err := json.MarshalIndent(keysetFile{Seal: sealKeys, Digest: digestKeys}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode keyset: %w", err)
	}
	return append(content, '\n'), nil
}

func newKeys(handle *keyset.Handle, err error) (json.RawMessage, error) {
	if err != nil {
		return nil, fmt.Errorf("create keys: %w", err)
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	return text.Bytes(), nil
}

// errMalformed replaces the errors of the parsers, which may quote the content.
var errMalformed = errors.New("is damaged: it does not contain the keys of this program; restore it from a backup")

// ParseKeyset reads a keyset from the content of its file. The error never quotes the content.
func ParseKeyset(content []byte) (Keyset, error) {
	k, err := parseKeysetFile(content)
	if err != nil {
		return Keyset{}, fmt.Errorf("the keyset %w", err)
	}
	return k, nil
}

func parseKeysetFile(content []byte) (Keyset, error) {
	var file keysetFile
	if err := json.Unmarshal(content, &file); err != nil {
		return Keyset{}, errMalformed
	}
	sealKeys, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.Seal)))
	if err != nil {
		return Keyset{}, errMalformed
	}
	digestKeys, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.Digest)))
	if err != nil {
		return Keyset{}, errMalformed
	}
	var k Keyset
	if k.seal, err = aead.New(sealKeys); err != nil {
		return Keyset{}, errMalformed
	}
	if k.digest, err = mac.New(digestKeys); err != nil {
		return Keyset{}, errMalformed
	}
	return k, nil
}

func (k Keyset) sum(purpose string, parts ...string) ([]byte, error) {
	sum, err := k.digest.ComputeMAC(target.LengthPrefixed(purpose, parts...))
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	return sum, nil
}

func (k Keyset) matches(sum []byte, purpose string, parts ...string) bool {
	return k.digest.VerifyMAC(sum, target.LengthPrefixed(purpose, parts...)) == nil
}
