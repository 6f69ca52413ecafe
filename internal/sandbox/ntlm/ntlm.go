// Package ntlm is the server side of an NTLMv2 handshake (Microsoft's MS-NLMP) for the stand-ins that offer NTLM. It
// issues challenges and verifies the response that a client computes from its password. It has no session security and
// accepts nothing older than NTLMv2.
package ntlm

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // required by the protocol
	"crypto/rand"
	"encoding/binary"
	"errors"
	"strings"
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
)

// Names are the names of the server.
type Names struct {
	Domain    string // NetBIOS name of the domain
	Computer  string // NetBIOS name of the server
	DNSDomain string
}

// Challenge is a handshake that waits for the client's proof.
type Challenge struct {
	nonce [8]byte
	names Names
}

// ErrMalformed is the error for a message that does not follow the protocol.
var ErrMalformed = errors.New("malformed NTLM message")

// NewChallenge returns a challenge with a new nonce.
func NewChallenge(names Names) *Challenge {
	c := &Challenge{names: names}
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
	add := func(id uint16, value string) {
		encoded := encode(value)
		info = binary.LittleEndian.AppendUint16(info, id)
		info = binary.LittleEndian.AppendUint16(info, uint16(len(encoded)))
		info = append(info, encoded...)
	}
	add(2, c.names.Domain)
	add(1, c.names.Computer)
	add(4, c.names.DNSDomain)
	add(3, strings.ToLower(c.names.Computer)+"."+c.names.DNSDomain)
	add(0, "")
	return info
}

// appendField appends the length, capacity and offset of a part of the payload.
func appendField(message []byte, length, offset int) []byte {
	message = binary.LittleEndian.AppendUint16(message, uint16(length))
	message = binary.LittleEndian.AppendUint16(message, uint16(length))
	return binary.LittleEndian.AppendUint32(message, uint32(offset))
}

// Proof is the proof of a client that it knows a password.
type Proof struct {
	Domain   string // as the client sent it; may be empty
	User     string
	nonce    [8]byte
	response []byte
}

// Proof reads the client's authenticate message (MS-NLMP 2.2.1.3).
func (c *Challenge) Proof(message []byte) (*Proof, error) {
	kind, err := MessageType(message)
	if err != nil || kind != TypeAuthenticate {
		return nil, ErrMalformed
	}
	fields := make([][]byte, 0, 3)
	for _, at := range []int{20, 28, 36} { // NT response, domain, user
		value, err := field(message, at)
		if err != nil {
			return nil, err
		}
		fields = append(fields, value)
	}
	return &Proof{Domain: decode(fields[1]), User: decode(fields[2]), nonce: c.nonce, response: fields[0]}, nil
}

func field(message []byte, at int) ([]byte, error) {
	if len(message) < at+8 {
		return nil, ErrMalformed
	}
	length := uint64(binary.LittleEndian.Uint16(message[at:]))
	offset := uint64(binary.LittleEndian.Uint32(message[at+4:]))
	if offset+length > uint64(len(message)) {
		return nil, ErrMalformed
	}
	return message[offset : offset+length], nil
}

// Matches reports whether the proof was made with the password.
func (p *Proof) Matches(password string) bool {
	if len(p.response) <= proofSize+8 { // an NTLMv1 response has 24 bytes
		return false
	}
	want := mac(ResponseKey(p.Domain, p.User, password), p.nonce[:], p.response[proofSize:])
	return hmac.Equal(want, p.response[:proofSize])
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
