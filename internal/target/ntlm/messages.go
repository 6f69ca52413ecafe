package ntlm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// The types of messages.
const (
	typeNegotiate    = 1
	typeChallenge    = 2
	typeAuthenticate = 3
)

const (
	signature = "NTLMSSP\x00"

	challengeHeader    = 48 // without the version, which old servers do not send
	authenticateHeader = 88 // with version and MIC
	micOffset          = 72
	micSize            = 16

	// maxChallenge is far more than the names of a server need.
	maxChallenge = 64 << 10
)

// Flags of the negotiation (MS-NLMP 2.2.2.5). Without signing and sealing no session key is exchanged.
const (
	flagUnicode         = 0x00000001
	flagRequestTarget   = 0x00000004
	flagNTLM            = 0x00000200
	flagAlwaysSign      = 0x00008000
	flagSessionSecurity = 0x00080000
	flagTargetInfo      = 0x00800000
	flagVersion         = 0x02000000

	offered = flagUnicode | flagRequestTarget | flagNTLM | flagAlwaysSign | flagSessionSecurity | flagVersion
)

// version is sent for information only (MS-NLMP 2.2.2.10): revision 15 of the protocol.
var version = [8]byte{10, 0, 0, 0, 0, 0, 0, 15}

// ErrMalformed means that a message does not follow the protocol.
var ErrMalformed = errors.New("malformed NTLM message")

// Negotiate returns the first message of a client. It contains no names.
func Negotiate() []byte {
	message := newMessage(typeNegotiate)
	message = binary.LittleEndian.AppendUint32(message, offered)
	message = append(message, make([]byte, 16)...) // no domain, no workstation
	return append(message, version[:]...)
}

// Challenge is the message of a server that requests a proof.
type Challenge struct {
	raw    []byte
	flags  uint32
	nonce  [8]byte
	target targetInfo
}

// ParseChallenge reads the message of a server. The error is an [ErrMalformed].
func ParseChallenge(message []byte) (*Challenge, error) {
	switch {
	case len(message) < challengeHeader || len(message) > maxChallenge || string(message[:len(signature)]) != signature:
		return nil, ErrMalformed
	case binary.LittleEndian.Uint32(message[8:]) != typeChallenge:
		return nil, fmt.Errorf("%w: not a challenge", ErrMalformed)
	}
	c := &Challenge{raw: message, flags: binary.LittleEndian.Uint32(message[20:])}
	copy(c.nonce[:], message[24:])
	if c.flags&flagUnicode == 0 {
		return nil, fmt.Errorf("%w: the server does not support Unicode", ErrMalformed)
	}
	info, err := field(message, 40)
	if err != nil {
		return nil, err
	}
	if c.target, err = parseTargetInfo(info); err != nil {
		return nil, err
	}
	return c, nil
}

// field returns the part of the payload that the field at a position describes.
func field(message []byte, at int) ([]byte, error) {
	length := uint64(binary.LittleEndian.Uint16(message[at:]))
	offset := uint64(binary.LittleEndian.Uint32(message[at+4:]))
	if offset+length > uint64(len(message)) {
		return nil, fmt.Errorf("%w: a field is longer than the message", ErrMalformed)
	}
	return message[offset : offset+length], nil
}

func newMessage(kind uint32) []byte {
	return binary.LittleEndian.AppendUint32([]byte(signature), kind)
}

func appendField(message []byte, length, offset int) []byte {
	message = binary.LittleEndian.AppendUint16(message, uint16(length))
	message = binary.LittleEndian.AppendUint16(message, uint16(length))
	return binary.LittleEndian.AppendUint32(message, uint32(offset))
}

func encode(s string) []byte {
	var encoded []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		encoded = binary.LittleEndian.AppendUint16(encoded, unit)
	}
	return encoded
}
