package ntlm

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"
)

// Proof is the proof of a client that it knows a password.
type Proof struct {
	Domain string // as the client sent it; may be empty
	User   string

	challenge *Challenge
	message   []byte
	response  []byte
	flags     uint32
	binding   []byte
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
	p := &Proof{
		Domain: decode(fields[1]), User: decode(fields[2]), challenge: c, message: bytes.Clone(message), response: fields[0],
	}
	if err := p.readPairs(); err != nil {
		return nil, err
	}
	return p, nil
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

// readPairs reads what the client added to the target information.
func (p *Proof) readPairs() error {
	if len(p.response) < proofStart {
		return nil // older than NTLMv2, and never accepted
	}
	for info := p.response[proofStart:]; len(info) >= 4; {
		id, length := binary.LittleEndian.Uint16(info), int(binary.LittleEndian.Uint16(info[2:]))
		if len(info) < 4+length {
			return ErrMalformed
		}
		switch value := info[4 : 4+length]; {
		case id == avFlags && length == 4:
			p.flags = binary.LittleEndian.Uint32(value)
		case id == avChannelBindings:
			p.binding = value
		case id == 0:
			return nil
		}
		info = info[4+length:]
	}
	return nil
}

// Matches reports whether the proof was made with the password, and that no message of the handshake was changed if the client
// sent a message integrity code.
func (p *Proof) Matches(password string) bool {
	if len(p.response) <= proofSize+8 { // an NTLMv1 response has 24 bytes
		return false
	}
	key := ResponseKey(p.Domain, p.User, password)
	want := mac(key, p.challenge.nonce[:], p.response[proofSize:])
	return hmac.Equal(want, p.response[:proofSize]) && p.intact(mac(key, want))
}

// intact verifies the message integrity code (MS-NLMP 3.2.5.1.2).
func (p *Proof) intact(sessionKey []byte) bool {
	if !p.HasMIC() {
		return true
	}
	if len(p.message) < micStart+micSize {
		return false
	}
	blank := bytes.Clone(p.message)
	clear(blank[micStart : micStart+micSize])
	want := mac(sessionKey, p.challenge.negotiate, p.challenge.Message(), blank)
	return hmac.Equal(want, p.message[micStart:micStart+micSize])
}

// HasMIC reports whether the client says that its message has a message integrity code.
func (p *Proof) HasMIC() bool { return p.flags&2 != 0 }

// Binding returns the channel binding of the client; nil if it sent none. Zeros mean none.
func (p *Proof) Binding() []byte {
	if len(bytes.Trim(p.binding, "\x00")) == 0 {
		return nil
	}
	return p.binding
}
