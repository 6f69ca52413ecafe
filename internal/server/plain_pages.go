package server

import (
	"fmt"
	"html/template"
	"io"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

// plainPages renders the pages without words and design. It is what a server without a renderer uses.
type plainPages struct{}

var plainTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Kind}}</title><link rel="stylesheet" href="` + pages.StylesheetPath + `"></head>
<body data-page="{{.Kind}}"><main><h1>{{.Kind}}</h1>
{{with .Connection}}<dl><dt>Connection</dt><dd>{{.Name}}</dd><dt>System</dt><dd>{{.SystemTitle}}</dd>
{{with .Username}}<dt>Expected account</dt><dd>{{.}}</dd>{{end}}
{{with .Organization}}<dt>Organization</dt><dd>{{.}}</dd>{{end}}
<dt>Requested by</dt><dd>{{.RequestedBy}}</dd></dl>{{end}}
{{with .SignedIn}}<p>Signed in as {{.Username}}{{with .OrganizationName}} of {{.}}{{end}}.</p>{{end}}
{{with .Fault}}<h2>{{.Title}}</h2><p>{{.Message}}</p><ol>{{range .Help}}<li>{{.}}</li>{{end}}</ol>{{end}}
{{with .Withheld}}<p>Not granted:</p><ul>{{range .}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{with .AdminConsentURL}}<p><a href="{{.}}" rel="noreferrer">{{.}}</a></p>{{end}}
{{with .Test}}<h2>Test</h2><p>{{.Summary}}</p><ul>{{range .Checks}}<li>{{.Name}}: {{.Message}}</li>{{end}}</ul>{{end}}
{{with .MetadataRefreshedAt}}<p>The metadata was read.</p>{{end}}
{{with .Action}}<form method="post" action="{{.}}"><button>Sign in</button></form>{{end}}
<p><small>Request {{.RequestID}}</small></p></main></body></html>
`))

// Render writes a page.
func (plainPages) Render(w io.Writer, p pages.Page) error {
	if err := plainTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write page %s: %w", p.Kind, err)
	}
	return nil
}

// Stylesheet is the style sheet.
func (plainPages) Stylesheet() []byte {
	return []byte(":root{color-scheme:light dark;font-family:sans-serif}main{max-width:40rem;margin:auto;padding:1rem}")
}
