package call

import (
	"bytes"
	"regexp"
)

// byteOrderMark begins the files of some editors. A PHP script that was saved with one sends it before its response.
var byteOrderMark = []byte("\uFEFF")

// notice matches a message that PHP prints around the response of a script if display_errors is on, with or without tags
// (php-src, main/main.c, php_error_cb).
var notice = regexp.MustCompile(`(?is)^\s*(?:<br ?/?>\s*)?(?:<b>)?(?:PHP )?` +
	`(?:(?:recoverable |catchable )?fatal error|parse error|warning|notice|strict standards|deprecated|unknown error)` +
	`(?:</b>)?: .*? on line (?:<b>)?\d+(?:</b>)?(?:<br ?/?>)?[ \t]*(?:\r?\n|$)`)

// TrimJSON returns the JSON of a response without what web servers put before it: a byte order mark, and messages of PHP. Any
// other text stays, so that the response is not read as JSON.
func TrimJSON(body []byte) []byte {
	body = withoutByteOrderMark(body)
	document := withoutByteOrderMark(withoutNotices(body))
	if isJSONText(document) {
		return document
	}
	return body
}

// isJSONText reports whether a text begins as an object or a list in JSON.
func isJSONText(text []byte) bool { return len(text) > 0 && (text[0] == '{' || text[0] == '[') }

func withoutByteOrderMark(text []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(text), byteOrderMark))
}

// withoutNotices removes the messages of PHP at the start of a text.
func withoutNotices(text []byte) []byte {
	for {
		found := notice.FindIndex(Start(text))
		if found == nil {
			return text
		}
		text = text[found[1]:]
	}
}
