package target_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

func checkAs(kind target.Type, value string) error {
	return target.Field{Name: "field", Type: kind, Secret: true}.Check(value, target.Network{})
}

// Every spelling of a key and of certificates is read as the same blocks. What was given stays what is compared.
func TestSpellingsOfPEMAreRead(t *testing.T) {
	t.Parallel()
	certificate, key := pemtest.Pair(t, "one", time.Now().Add(time.Hour))
	issuer, _ := pemtest.Pair(t, "two", time.Now().Add(time.Hour))
	for name, test := range map[string]struct {
		kind target.Type
		text string
	}{
		"key": {target.PrivateKey, key}, "certificate": {target.Certificates, certificate},
		"chain": {target.Certificates, certificate + issuer},
	} {
		want := blocksOf(test.text)
		for spelling, text := range pemtest.Spellings(test.text) {
			if err := checkAs(test.kind, text); err != nil {
				t.Errorf("%s, %s: %v", name, spelling, err)
			}
			if got := blocksOf(target.RepairPEM(text)); !bytes.Equal(got, want) {
				t.Errorf("%s, %s: read other blocks", name, spelling)
			}
		}
	}
}

// blocksOf returns the content of all blocks.
func blocksOf(text string) []byte {
	var all []byte
	for rest := []byte(text); ; {
		block, after := pem.Decode(rest)
		if block == nil {
			return all
		}
		all, rest = append(all, block.Bytes...), after
	}
}

// The authorities that are trusted are those that count for the binding, in every spelling.
func TestSpellingsOfAuthorityAreEqual(t *testing.T) {
	t.Parallel()
	one, _ := pemtest.Pair(t, "one", time.Now().Add(time.Hour))
	two, _ := pemtest.Pair(t, "two", time.Now().Add(time.Hour))
	before := settings(target.CACertificate, one+two)
	for spelling, text := range pemtest.Spellings(one + two) {
		after := settings(target.CACertificate, text)
		if crm().Binding(before) != crm().Binding(after) || len(crm().Rebinds(before, after)) != 0 {
			t.Errorf("%s: it counts as another authority", spelling)
		}
		if got := crm().Rebinds(settings(target.CACertificate, one), after); len(got) != 1 {
			t.Errorf("%s: an added authority requires no credentials", spelling)
		}
	}
}

func TestExpiryOfEverySpelling(t *testing.T) {
	t.Parallel()
	end := time.Date(2040, 1, 2, 3, 4, 5, 0, time.UTC)
	certificate, _ := pemtest.Pair(t, "", end)
	s := &target.System{Fields: []target.Field{{Name: "certificate", Type: target.Certificates, Secret: true}}}
	for spelling, text := range pemtest.Spellings(certificate) {
		if got := s.CredentialsExpireAt(target.Credentials{"certificate": text}); !got.Equal(end) {
			t.Errorf("%s: expires %v", spelling, got)
		}
	}
}

// An error about PEM says what the value is instead, and contains nothing of it.
func TestMistakenPEM(t *testing.T) {
	t.Parallel()
	certificate, key := pemtest.Pair(t, "", time.Now().Add(time.Hour))
	block := func(kind, content string) string {
		return "-----BEGIN " + kind + "-----\n" + content + "\n-----END " + kind + "-----\n"
	}
	der := func(text string) string { return base64.StdEncoding.EncodeToString(blocksOf(text)) }
	container := base64.StdEncoding.EncodeToString([]byte("\x30\x0b\x02\x01\x03\x30\x06canary"))
	for name, test := range map[string]struct {
		kind        target.Type
		value, want string
	}{
		"absolute path":         {target.PrivateKey, "/etc/canary/key", `file("…")`},
		"relative path":         {target.PrivateKey, "canary/key.PEM", "path of a file"},
		"path of Windows":       {target.Certificates, `C:\canary\client.cer`, "path of a file"},
		"path in home":          {target.Certificates, "~/canary", "path of a file"},
		"certificate as key":    {target.PrivateKey, certificate, "contains a certificate"},
		"key and certificate":   {target.PrivateKey, key + certificate, "contains a certificate"},
		"key as certificate":    {target.Certificates, key, "contains a private key"},
		"certificate and key":   {target.Certificates, certificate + key, "contains a private key"},
		"public key":            {target.PrivateKey, block("PUBLIC KEY", "Y2FuYXJ5"), "contains a public key"},
		"public key of OpenSSH": {target.PrivateKey, "ssh-rsa canary user@host", "public key of OpenSSH"},
		"encrypted key":         {target.PrivateKey, block("ENCRYPTED PRIVATE KEY", "Y2FuYXJ5"), "key is encrypted"},
		"old encrypted key": {
			target.PrivateKey, block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nY2FuYXJ5"), "is encrypted",
		},
		"encrypted in one line": {
			target.PrivateKey, strings.ReplaceAll(block("ENCRYPTED PRIVATE KEY", "Y2FuYXJ5"), "\n", " "), "is encrypted",
		},
		"key of OpenSSH":        {target.PrivateKey, block("OPENSSH PRIVATE KEY", "Y2FuYXJ5"), "format of OpenSSH"},
		"key of PuTTY":          {target.PrivateKey, "PuTTY-User-Key-File-3: ssh-rsa\ncanary", "format of PuTTY"},
		"request":               {target.Certificates, block("CERTIFICATE REQUEST", "Y2FuYXJ5"), "certificate request"},
		"PKCS #7":               {target.Certificates, block("PKCS7", "Y2FuYXJ5"), "PKCS #7"},
		"PKCS #12 in Base64":    {target.PrivateKey, container, "PKCS #12 container (.pfx, .p12): extract PEM"},
		"PKCS #12, certificate": {target.Certificates, container, "openssl pkcs12 -nokeys"},
		"PKCS #12 itself":       {target.PrivateKey, "\x30\x0b\x02\x01\x03\x30\x06can\xffry", "openssl pkcs12 -nocerts"},
		"keystore":              {target.PrivateKey, "\xfe\xed\xfe\xed\x00\x00\x00\x02", "Java keystore"},
		"keystore in Base64":    {target.Certificates, "/u3+7QAAAAI=", "Java keystore"},
		"DER key":               {target.PrivateKey, der(key), "openssl pkey -inform der"},
		"DER certificate":       {target.Certificates, der(certificate), "openssl x509 -inform der"},
		"DER of the other kind": {target.PrivateKey, der(certificate), "contains a certificate"},
		"Base64 of PEM":         {target.PrivateKey, base64.StdEncoding.EncodeToString([]byte(key)), "filebase64"},
		"UTF-16":                {target.PrivateKey, "\xff\xfe-\x00-\x00", "UTF-16"},
		"JSON":                  {target.PrivateKey, `{"private_key":"canary"}`, "JSON document"},
		"white space":           {target.PrivateKey, " \n ", "only white space"},
		"cut off":               {target.PrivateKey, key[:len(key)-30], "ends before its line -----END"},
		"cut off and written":   {target.PrivateKey, strings.ReplaceAll(key[:90], "\n", `\n`), "ends before its line -----END"},
		"second is cut off":     {target.Certificates, certificate + certificate[:90], "ends before its line -----END"},
		"without first line":    {target.PrivateKey, key[28:], "first line"},
		"changed content":       {target.PrivateKey, strings.Replace(key, "M", "!", 1), "cannot be decoded"},
		"other content":         {target.Certificates, block("CERTIFICATE", "Y2FuYXJ5"), "cannot be decoded"},
		"text after it":         {target.PrivateKey, key + "canary", "and nothing else"},
		"something":             {target.PrivateKey, "canary", "private key in PEM form"},
	} {
		err := checkAs(test.kind, test.value)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "field must be ") {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
			continue
		}
		for _, shown := range []string{"canary", "Y2FuYXJ5", "client.cer", strings.Split(key, "\n")[1][:20]} {
			if strings.Contains(err.Error(), shown) {
				t.Errorf("%s: shows a part of the value: %v", name, err)
			}
		}
	}
}

// What OpenSSH writes for an RSA key is named, whatever is in it.
func TestKeyOfOpenSSHIsNamed(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	err = checkAs(target.PrivateKey, string(pem.EncodeToMemory(block)))
	if err == nil || !strings.Contains(err.Error(), "ssh-keygen") {
		t.Errorf("got %v", err)
	}
	plain := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	for spelling, text := range pemtest.Spellings(plain) {
		if err := checkAs(target.PrivateKey, text); err != nil {
			t.Errorf("%s: %v", spelling, err)
		}
	}
}

func TestSpellingsOfJSONAreRead(t *testing.T) {
	t.Parallel()
	const document = "{\n  \"key\": \"-----BEGIN\\nAA==\\n\",\n  \"path\": \"C:\\\\n\"\n}\n"
	var want any
	if err := json.Unmarshal([]byte(document), &want); err != nil {
		t.Fatal(err)
	}
	for spelling, text := range map[string]string{
		"unchanged":               document,
		"byte order mark":         "\uFEFF" + document,
		"outer white space":       " \n\uFEFF" + document + "\r\n ",
		"CRLF":                    strings.ReplaceAll(document, "\n", "\r\n"),
		"written-out line breaks": strings.ReplaceAll(document, "\n", `\n`),
		"real breaks in strings":  strings.Replace(document, `\nAA==\n`, "\nAA==\n", 1),
	} {
		var got map[string]string
		if err := json.Unmarshal([]byte(target.RepairJSON(text)), &got); err != nil || checkAs(target.JSON, text) != nil {
			t.Errorf("%s: %v, %v", spelling, err, checkAs(target.JSON, text))
			continue
		}
		if got["key"] != "-----BEGIN\nAA==\n" || got["path"] != `C:\n` {
			t.Errorf("%s: got %q", spelling, got)
		}
	}
}

func TestMistakenJSON(t *testing.T) {
	t.Parallel()
	_, key := pemtest.Pair(t, "", time.Now().Add(time.Hour))
	for value, want := range map[string]string{
		"./canary.json": "path of a file", " \n": "only white space", `{"canary": "x`: "incomplete", key: "in PEM form",
		base64.StdEncoding.EncodeToString([]byte(`{"canary":1}`)): "base64decode", "canary": "must be a JSON document",
	} {
		err := checkAs(target.JSON, value)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%.20q: got %v, want %q", value, err, want)
		}
	}
}
