package target

import (
	"encoding/json"
	"encoding/pem"
	"regexp"
	"strings"
)

// The marks around the type of a block, in its first and in its last line (RFC 7468, 2).
const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemClose = "-----"
)

const byteOrderMark = "\uFEFF"

// writtenBreak matches a line break that was written out, as in files with environment variables: \n, \r\n, or \\n after a second
// encoding. Neither Base64 nor the lines around it contain a backslash.
var writtenBreak = regexp.MustCompile(`(?:\\+r)?\\+n|\\+r`)

// RepairPEM returns certificates and keys in PEM form as they are read: with line breaks where they were written out or became
// spaces, and without byte order marks and indentation. It returns a value unchanged if all of its blocks can be decoded, and if
// they cannot be decoded afterwards either. Everything that reads PEM reads the result; what is stored and compared is the
// text as it was given.
func RepairPEM(value string) string {
	if allBlocksDecode(value) {
		return value
	}
	text := strings.ReplaceAll(writtenBreak.ReplaceAllString(value, "\n"), byteOrderMark, "")
	if repaired := reframe(text); allBlocksDecode(repaired) {
		return repaired
	}
	return value
}

// allBlocksDecode reports whether a text has blocks and none is skipped: [pem.Decode] skips those that it cannot read.
func allBlocksDecode(text string) bool {
	blocks, _ := decodeBlocks(text)
	return len(blocks) > 0 && len(blocks) == strings.Count(text, pemBegin)
}

// decodeBlocks returns the blocks of a text, and the text after the last one.
func decodeBlocks(text string) (blocks []*pem.Block, rest string) {
	after := []byte(text)
	for {
		block, next := pem.Decode(after)
		if block == nil {
			return blocks, string(after)
		}
		blocks, after = append(blocks, block), next
	}
}

// reframe writes the first and the last line of each block as lines of their own, and its Base64 without white space.
func reframe(text string) string {
	var b strings.Builder
	for {
		before, rest, begins := strings.Cut(text, pemBegin)
		kind, rest, closes := strings.Cut(rest, pemClose)
		body, after, ends := strings.Cut(rest, pemEnd+kind+pemClose)
		if !begins || !closes || !ends {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(strings.TrimSpace(before) + "\n" + pemBegin + kind + pemClose + "\n" + reframeBody(body) +
			"\n" + pemEnd + kind + pemClose + "\n")
		text = after
	}
}

// reframeBody removes white space: all of it from Base64, and only that around the lines of a block with headers.
func reframeBody(body string) string {
	if !strings.Contains(body, ":") {
		return strings.Join(strings.Fields(body), "")
	}
	lines := strings.Split(strings.TrimSpace(body), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// RepairJSON returns a JSON document as it is read: without a byte order mark, with white space where line breaks between its
// parts were written out, and with escapes for the line breaks in its strings. Like [RepairPEM], it changes only what cannot be
// read.
func RepairJSON(value string) string {
	if json.Valid([]byte(value)) {
		return value
	}
	if repaired := rewriteBreaks(strings.TrimPrefix(strings.TrimSpace(value), byteOrderMark)); json.Valid([]byte(repaired)) {
		return repaired
	}
	return value
}

// rewriteBreaks replaces written-out line breaks outside of strings by spaces, and line breaks in strings by their escapes.
func rewriteBreaks(document string) string {
	escapes := map[byte]string{'\n': `\n`, '\r': `\r`, '\t': `\t`}
	var b strings.Builder
	quoted := false
	for i := 0; i < len(document); i++ {
		c := document[i]
		escaped := c == '\\' && i+1 < len(document)
		switch {
		case escaped && quoted:
			b.WriteString(document[i : i+2])
			i++
		case escaped && strings.IndexByte("nrt", document[i+1]) >= 0:
			b.WriteByte(' ')
			i++
		case quoted && escapes[c] != "":
			b.WriteString(escapes[c])
		default:
			quoted = quoted != (c == '"')
			b.WriteByte(c)
		}
	}
	return b.String()
}
