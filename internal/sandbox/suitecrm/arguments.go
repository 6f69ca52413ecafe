package suitecrm

import (
	"encoding/json"
	"mime"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// arguments reads the body of a call. JSON is unchanged, and a form is cleaned of markup first, as in SuiteCRM.
func arguments(call *sandbox.Call) map[string]string {
	args := rawArguments(call)
	if isForm(call) {
		for name, value := range args {
			args[name] = cleanMarkup(value)
		}
	}
	return args
}

// cleanMarkup replaces characters that could do harm on a page (include/utils.php, securexss). SuiteCRM's own forms do
// the same, so a password that was set there is stored in this form.
func cleanMarkup(value string) string {
	for _, pair := range [][2]string{
		{"&quot;", "&#38;"}, {`"`, "&quot;"}, {"'", "&#039;"}, {"<", "&lt;"}, {">", "&gt;"}, {"`", "&#96;"},
	} {
		value = strings.ReplaceAll(value, pair[0], pair[1])
	}
	return value
}

func isForm(call *sandbox.Call) bool {
	return strings.HasPrefix(call.Request.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// rawArguments reads the body of a call without changes.
func rawArguments(call *sandbox.Call) map[string]string {
	args := map[string]string{}
	if isForm(call) {
		form, err := url.ParseQuery(string(call.Body))
		if err != nil {
			return args
		}
		for name := range form {
			args[name] = form.Get(name)
		}
		return args
	}
	kind, _, err := mime.ParseMediaType(call.Request.Header.Get("Content-Type"))
	if err != nil {
		return args
	}
	if kind == "application/json" || strings.HasSuffix(kind, "+json") {
		var values map[string]any
		if json.Unmarshal(call.Body, &values) != nil {
			return args
		}
		for name, value := range values {
			args[name], _ = value.(string)
		}
	}
	return args
}
