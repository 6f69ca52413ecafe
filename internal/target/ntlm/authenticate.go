package ntlm

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // required by the protocol
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"

	"golang.org/x/crypto/md4" //nolint:gosec,staticcheck // required by the protocol
)

// Login is what a client proves, and to whom.
type Login struct {
	// User is a user principal name or DOMAIN\name.
	User string
	// Password is never sent, and no part of the message contains it.
	Password string
	// Service is the service principal name of the server, such as HTTP/mail.example.com; may be empty.
	Service string
	// Binding is the channel binding of the connection, see [ChannelBinding]; nil without TLS.
	Binding []byte
	// Now is the clock for a server that does not send its own time.
	Now func() time.Time
}

// Authenticate returns the message with the proof, for a challenge that answered the [Negotiate] message.
func (c *Challenge) Authenticate(l Login) []byte {
	var nonce [8]byte
	_, _ = rand.Read(nonce[:]) // documented to never fail
	return c.authenticate(l, nonce)
}

func (c *Challenge) authenticate(l Login, nonce [8]byte) []byte {
	domain, user := splitUser(l.User)
	key := responseKey(domain, user, l.Password)
	timestamp, info := c.target.get(avTimestamp), c.proofInfo(l)
	hasMIC := len(timestamp) == 8
	if !hasMIC {
		timestamp = fileTime(l.Now())
	}
	proved := make([]byte, 0, 32+len(info))
	proved = append(proved, 1, 1, 0, 0, 0, 0, 0, 0)
	proved = append(proved, timestamp...)
	proved = append(proved, nonce[:]...)
	proved = append(proved, 0, 0, 0, 0)
	proved = append(proved, info...)
	proved = append(proved, 0, 0, 0, 0)
	proof := mac(key, c.nonce[:], proved)

	lm := make([]byte, 24) // a server that sends its time gets no LMv2 response (MS-NLMP 3.1.5.1.2)
	if !hasMIC {
		lm = append(mac(key, c.nonce[:], nonce[:]), nonce[:]...)
	}
	message := c.assemble(lm, append(proof, proved...), encode(domain), encode(user))
	if hasMIC {
		// Without key exchange, the exported session key is the session base key (MS-NLMP 3.1.5.1.2, 3.3.2).
		copy(message[micOffset:], mac(mac(key, proof), Negotiate(), c.raw, message))
	}
	return message
}

// proofInfo returns the description of the server that the proof covers, with what Extended Protection requires.
func (c *Challenge) proofInfo(l Login) []byte {
	info := c.target
	if len(info.get(avTimestamp)) == 8 {
		flags := make([]byte, 4)
		if sent := info.get(avFlags); len(sent) == 4 {
			copy(flags, sent)
		}
		binary.LittleEndian.PutUint32(flags, binary.LittleEndian.Uint32(flags)|flagMIC)
		info = info.with(avFlags, flags)
	}
	if l.Binding != nil {
		info = info.with(avChannelBindings, l.Binding)
	}
	if l.Service != "" {
		info = info.with(avTargetName, encode(l.Service))
	}
	return info.bytes()
}

// assemble makes the message (MS-NLMP 2.2.1.3), with zeros in place of the message integrity code.
func (c *Challenge) assemble(lm, nt, domain, user []byte) []byte {
	payload := [][]byte{lm, nt, domain, user, nil, nil} // no workstation, no session key
	message, offset := newMessage(typeAuthenticate), authenticateHeader
	for _, part := range payload {
		message = appendField(message, len(part), offset)
		offset += len(part)
	}
	message = binary.LittleEndian.AppendUint32(message, offered&c.flags|flagTargetInfo|flagUnicode)
	message = append(message, version[:]...)
	message = append(message, make([]byte, micSize)...)
	for _, part := range payload {
		message = append(message, part...)
	}
	return message
}

// splitUser splits DOMAIN\name. A user principal name has no domain of its own.
func splitUser(user string) (domain, name string) {
	if domain, name, ok := strings.Cut(user, `\`); ok {
		return domain, name
	}
	return "", user
}

// responseKey is NTOWFv2 (MS-NLMP 3.3.2), the key that is derived from the password.
func responseKey(domain, user, password string) []byte {
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

// fileTime returns a time as Windows counts it: in units of 100 ns since 1601.
func fileTime(t time.Time) []byte {
	const sinceUnix = 11644473600 * 10_000_000
	return binary.LittleEndian.AppendUint64(nil, uint64(t.UnixMicro()*10+sinceUnix))
}
