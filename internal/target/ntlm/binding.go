package ntlm

import (
	"crypto"
	"crypto/md5"      //nolint:gosec // required by the protocol
	_ "crypto/sha256" // the hashes of tls-server-end-point
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/binary"
)

// ChannelBinding returns the channel binding of a TLS connection to a server with the certificate: the MD5 hash of a
// gss_channel_bindings_struct (RFC 4121, 4.1.1.2) with tls-server-end-point (RFC 5929, 4) as application data. It is nil for
// a certificate without a defined binding, whose signature uses no separate hash.
func ChannelBinding(certificate *x509.Certificate) []byte {
	hash := endPointHash(certificate.SignatureAlgorithm)
	if hash == 0 {
		return nil
	}
	digest := hash.New()
	digest.Write(certificate.Raw)
	application := append([]byte("tls-server-end-point:"), digest.Sum(nil)...)
	// Types and lengths of the addresses of both sides: none.
	bindings := make([]byte, 16, 20+len(application))
	bindings = binary.LittleEndian.AppendUint32(bindings, uint32(len(application)))
	sum := md5.Sum(append(bindings, application...)) //nolint:gosec // required by the protocol
	return sum[:]
}

// endPointHash is the hash of the certificate's signature, but SHA-256 instead of weaker ones; 0 if it is not defined.
func endPointHash(algorithm x509.SignatureAlgorithm) crypto.Hash {
	switch algorithm {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.ECDSAWithSHA256:
		return crypto.SHA256
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		return crypto.SHA384
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		return crypto.SHA512
	}
	return 0
}
