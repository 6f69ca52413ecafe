// Package ntlm is the server side of an NTLMv2 handshake (Microsoft's MS-NLMP) for the stand-ins that offer NTLM. It
// issues challenges and verifies the response that a client computes from its password, its message integrity code and its
// channel binding (Extended Protection). It has no session security and accepts nothing older than NTLMv2.
package ntlm

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // required by the protocol
	"crypto/rand"
	"encoding/binary"
	"errors"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/crypto/md4" //nolint:gosec,staticcheck // required by the protocol
)

// Message types of the handshake.
const (
	// TypeNegotiate is the client's first message.
	TypeNegotiate = 1
	// TypeChallenge is the server's reply to it.
	TypeChallenge = 2
	// TypeAuthenticate is the client's second message, with the proof of the password.
	TypeAuthenticate = 3
)

// flags are the flags of the challenge: 56-bit and 128-bit keys, version, target info, extended session security,
// target type domain, NTLM, request target, Unicode. Key exchange and the LAN Manager key are left out: they are
// useless without session security, and some clients do not support them.
const flags = 0xA2898201

const (
	signature  = "NTLMSSP\x00"
	headerSize = 56 // of a challenge message with a version
	proofSize  = 16
	proofStart = proofSize + 28 // of the pairs in a response
	micStart   = 72             // in an authenticate message
	micSize    = 16

	// epoch is the start of 1970 as Windows counts time: in units of 100 ns since 1601.
	epoch = 11644473600 * 10_000_000
)

// Ids of values in the target information (MS-NLMP 2.2.2.1).
const (
	avFlags           = 6
	avTimestamp       = 7
	avChannelBindings = 10
)

// Names are the names of the server.
type Names struct {
	Domain    string // NetBIOS name of the domain
	Computer  string // NetBIOS name of the server
	DNSDomain string
}

// Challenge is a handshake that waits for the client's proof.
type Challenge struct {
	nonce     [8]byte
	names     Names
	negotiate []byte
	at        time.Time
}

// ErrMalformed is the error for a message that does not follow the protocol.
var ErrMalformed = errors.New("malformed NTLM message")

// NewChallenge returns a challenge with a new nonce, as the reply to a client's first message. It contains the time, as those
// of Windows do.
func NewChallenge(names Names, negotiate []byte, now time.Time) *Challenge {
	c := &Challenge{names: names, negotiate: bytes.Clone(negotiate), at: now}
	_, _ = rand.Read(c.nonce[:]) // documented to never fail
	return c
}

// MessageType returns the type of a message.
func MessageType(message []byte) (int, error) {
	if len(message) < len(signature)+4 || string(message[:len(signature)]) != signature {
		return 0, ErrMalformed
	}
	return int(binary.LittleEndian.Uint32(message[len(signature):])), nil
}

// Message returns the challenge in the form that is sent to the client (MS-NLMP 2.2.1.2).
func (c *Challenge) Message() []byte {
	name, info := encode(c.names.Domain), c.targetInfo()
	message := make([]byte, 0, headerSize+len(name)+len(info))
	message = append(message, signature...)
	message = binary.LittleEndian.AppendUint32(message, TypeChallenge)
	message = appendField(message, len(name), headerSize)
	message = binary.LittleEndian.AppendUint32(message, flags)
	message = append(message, c.nonce[:]...)
	message = append(message, make([]byte, 8)...) // reserved
	message = appendField(message, len(info), headerSize+len(name))
	message = append(message, 10, 0, 0x63, 0x45, 0, 0, 0, 15) // Windows 10.0.17763, NTLM revision 15
	message = append(message, name...)
	return append(message, info...)
}

// targetInfo returns the list of names that the client's proof covers (MS-NLMP 2.2.2.1).
func (c *Challenge) targetInfo() []byte {
	var info []byte
	add := func(id uint16, value []byte) {
		info = binary.LittleEndian.AppendUint16(info, id)
		info = binary.LittleEndian.AppendUint16(info, uint16(len(value)))
		info = append(info, value...)
	}
	add(2, encode(c.names.Domain))
	add(1, encode(c.names.Computer))
	add(4, encode(c.names.DNSDomain))
	add(3, encode(strings.ToLower(c.names.Computer)+"."+c.names.DNSDomain))
	add(avTimestamp, binary.LittleEndian.AppendUint64(nil, uint64(c.at.UnixMicro()*10+epoch)))
	add(0, nil)
	return info
}

// appendField appends the length, capacity and offset of a part of the payload.
func appendField(message []byte, length, offset int) []byte {
	message = binary.LittleEndian.AppendUint16(message, uint16(length))
	message = binary.LittleEndian.AppendUint16(message, uint16(length))
	return binary.LittleEndian.AppendUint32(message, uint32(offset))
}

// ResponseKey is NTOWFv2 (MS-NLMP 3.3.2), the key that is derived from the password.
func ResponseKey(domain, user, password string) []byte {
	hash := md4.New() //nolint:gosec // required by the protocol
	hash.Write(encode(password))
	return mac(hash.Sum(nil), encode(strings.ToUpper(user)+domain))
}

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(md5.New, key)
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

func encode(s string) []byte {
	var encoded []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		encoded = binary.LittleEndian.AppendUint16(encoded, unit)
	}
	return encoded
}

func decode(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
