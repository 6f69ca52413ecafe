// Package canarytest finds secrets in what programs leave behind: responses, logs, dumps of databases and of crashes.
package canarytest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Forms are a secret and its simple encodings. Base64 depends on what is before the secret, so there are three, without the
// characters that depend on what is beside it.
func Forms(secret string) [][]byte {
	forms := make([][]byte, 0, 4+2*3)
	forms = append(forms, []byte(secret), []byte(hex.EncodeToString([]byte(secret))), []byte(url.QueryEscape(secret)),
		[]byte(strings.ToUpper(secret)))
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for skipped := range 3 {
			length := (len(secret) - skipped) / 3 * 3
			forms = append(forms, []byte(encoding.EncodeToString([]byte(secret[skipped:skipped+length]))))
		}
	}
	return forms
}

// In reports whether a text has the secret in one of its forms.
func In(text []byte, secret string) bool {
	return slices.ContainsFunc(Forms(secret), func(form []byte) bool { return bytes.Contains(text, form) })
}

// stackWord matches the arguments in stacks of Go that use nearly all bits. Pointers and lengths are shorter.
var stackWord = regexp.MustCompile(`0x[0-9a-f]{14,16}\b`)

// InStacks reports whether stacks of goroutines have eight bytes of the secret. Go prints arguments as words, so a secret that
// is an argument by value, such as an array, can be read in them.
func InStacks(stacks []byte, secret string) bool {
	return slices.ContainsFunc(stackWord.FindAllString(string(stacks), -1), func(word string) bool {
		value, err := strconv.ParseUint(word[2:], 16, 64)
		return err == nil && bytes.Contains([]byte(secret), binary.LittleEndian.AppendUint64(nil, value))
	})
}
