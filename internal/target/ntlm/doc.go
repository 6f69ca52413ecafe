// Package ntlm is the client side of NTLMv2 with channel binding, as Microsoft's MS-NLMP describes it
// (https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp). It makes the two messages of a client and reads the
// challenge of the server between them. It sends nothing and has no session security: over HTTP, TLS protects the session.
//
// The proof of the password covers the TLS connection that it is sent on (RFC 5929, tls-server-end-point). Servers with
// Extended Protection reject a proof without it, since somebody in between may have relayed it.
package ntlm
