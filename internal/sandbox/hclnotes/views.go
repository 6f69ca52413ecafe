package hclnotes

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// entry is a row of a view: its document and the texts of its columns. The rows are sorted by the first column.
type entry struct {
	id      string
	columns []string
}

// view reads a view as data: GET /<database>/<view>?ReadViewEntries.
func (s *Server) view(r *request) sandbox.Response {
	switch {
	case r.database == "names.nsf" && (r.person == nil || slices.Index(Levels(), s.state.setup.Directory) < reader):
		return s.noAccess(r)
	case r.database == "names.nsf":
		if strings.EqualFold(r.rest, "($Users)") {
			return r.entries(s.users())
		}
		return notFound()
	}
	owner := s.ownerOf(r.database)
	if owner == nil {
		return notFound()
	}
	if r.person == nil || !s.mayRead(r.person, owner) {
		return s.noAccess(r)
	}
	text, ok := map[string]string{
		"contacts": "Lovelace, Ada", "($inbox)": "Welcome", "($calendar)": "Planning",
	}[strings.ToLower(r.rest)]
	if !ok {
		return notFound()
	}
	return r.entries([]entry{{owner.ID, []string{text}}})
}

// users returns the hidden view for finding names: a row for each name of each person.
func (s *Server) users() []entry {
	var all []entry
	for _, p := range s.All() {
		for _, key := range p.names() {
			if key != "" {
				all = append(all, entry{p.ID, []string{strings.ToLower(key), p.canonicalName(), p.MailFile}})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.columns[0], b.columns[0]) })
	return all
}

// entries returns the requested rows: from StartKey, Count of them, as JSON. The stand-in has no rows in XML, which is
// Domino's default, and no pages.
func (r *request) entries(all []entry) sandbox.Response {
	if !r.has("readviewentries") || !strings.EqualFold(r.query["outputformat"], "JSON") {
		return sandbox.HTML(http.StatusOK, r.rest, "<table></table>")
	}
	key, total := strings.ToLower(r.query["startkey"]), len(all)
	all = slices.DeleteFunc(all, func(e entry) bool { return strings.ToLower(e.columns[0]) < key })
	limit := 30 // the default of a view
	if n, err := strconv.Atoi(r.query["count"]); err == nil && n >= 0 {
		limit = n
	}
	all = all[:min(limit, len(all))]
	body := map[string]any{"@timestamp": "20260105T090000,00Z", "@toplevelentries": strconv.Itoa(total)}
	rows := make([]any, 0, len(all))
	for i, e := range all {
		columns := make([]any, 0, len(e.columns))
		for n, text := range e.columns {
			columns = append(columns, map[string]any{
				"@columnnumber": strconv.Itoa(n), "@name": "$" + strconv.Itoa(n), "text": map[string]string{"0": text},
			})
		}
		rows = append(rows, map[string]any{
			"@position": strconv.Itoa(i + 1), "@unid": e.id, "@noteid": strconv.Itoa(1000 + i),
			"@siblings": strconv.Itoa(total), "entrydata": columns,
		})
	}
	if len(rows) > 0 {
		body["viewentry"] = rows
	}
	return jsonResponse(http.StatusOK, body)
}
