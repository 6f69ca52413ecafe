package ntlm

import (
	"bytes"
	"crypto/md5" //nolint:gosec // required by the protocol
	"crypto/sha256"
	"encoding/binary"
)

// Protection says how a server treats channel bindings, with the names of IIS's setting Extended Protection.
type Protection string

// The modes of Extended Protection.
const (
	// Ignore does not look at channel bindings. It is the zero value.
	Ignore Protection = ""
	// Allow rejects wrong channel bindings, and accepts clients that send none.
	Allow Protection = "allow"
	// Require rejects clients that send no channel binding.
	Require Protection = "require"
)

// Accepts reports whether a server accepts the channel binding of a proof (nil for none) on a TLS connection with its
// certificate.
func (m Protection) Accepts(binding, certificate []byte) bool {
	switch {
	case m == Ignore, m == Allow && binding == nil:
		return true
	}
	return bytes.Equal(binding, endPointBinding(certificate))
}

// endPointBinding is the MD5 hash of a gss_channel_bindings_struct with tls-server-end-point. The certificates of the
// stand-ins are signed with SHA-256.
func endPointBinding(certificate []byte) []byte {
	digest := sha256.Sum256(certificate)
	application := "tls-server-end-point:" + string(digest[:])
	packed := binary.LittleEndian.AppendUint32(make([]byte, 16), uint32(len(application)))
	sum := md5.Sum(append(packed, application...)) //nolint:gosec // required by the protocol
	return sum[:]
}
