package storetest

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	tink "github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// RotateKeyset returns the content of a keyset with another key in each part, which is the primary key.
func RotateKeyset(tb testing.TB, content []byte) []byte {
	tb.Helper()
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(content, &parts); err != nil {
		tb.Fatal(err)
	}
	for name, template := range map[string]*tinkpb.KeyTemplate{
		"seal": aead.AES256GCMKeyTemplate(), "digest": mac.HMACSHA256Tag256KeyTemplate(),
	} {
		handle, err := insecurecleartextkeyset.Read(tink.NewJSONReader(bytes.NewReader(parts[name])))
		if err != nil {
			tb.Fatal(err)
		}
		manager := tink.NewManagerFromHandle(handle)
		id, err := manager.Add(template)
		if err != nil {
			tb.Fatal(err)
		}
		if err := manager.SetPrimary(id); err != nil {
			tb.Fatal(err)
		}
		if handle, err = manager.Handle(); err != nil {
			tb.Fatal(err)
		}
		var text bytes.Buffer
		if err := insecurecleartextkeyset.Write(handle, tink.NewJSONWriter(&text)); err != nil {
			tb.Fatal(err)
		}
		parts[name] = text.Bytes()
	}
	rotated, err := json.Marshal(parts)
	if err != nil {
		tb.Fatal(err)
	}
	return rotated
}
