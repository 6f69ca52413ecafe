package sugarcrm

import (
	"crypto/md5" //nolint:gosec // Sugar's hashes are MD5: they identify versions and are no protection
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// metadata describes the modules. The type filter selects the sections, and only_hash limits them to their hashes.
func (s *Server) metadata(r *request) sandbox.Response {
	query := r.Request.URL.Query()
	types := []string{"full_module_list", "modules", "server_info"}
	if filter := query.Get("type_filter"); filter != "" {
		types = strings.Split(filter, ",")
	}
	hashesOnly := slices.Contains([]string{"true", "1"}, query.Get("only_hash"))
	all := map[string]any{}
	modules, list, hashes := map[string]any{}, map[string]any{}, ""
	for _, name := range s.state.instance.Modules {
		hash := hashOf(fmt.Sprintf("%s %d", name, s.state.changes[name]))
		hashes += hash
		list[name] = name
		entry := map[string]any{"_hash": hash}
		if !hashesOnly {
			entry["fields"] = map[string]any{"id": map[string]string{"name": "id", "type": "id"}}
		}
		modules[name] = entry
	}
	whole := hashOf(hashes)
	list["_hash"] = whole
	sections := map[string]any{"modules": modules, "full_module_list": list, "server_info": s.serverInfo()}
	for _, section := range types {
		value, known := sections[section]
		if known && hashesOnly && section != "modules" {
			value = map[string]string{"_hash": whole}
		}
		if known {
			all[section] = value
		}
	}
	all["_hash"] = whole
	return jsonResponse(http.StatusOK, all)
}

func (s *Server) publicMetadata(*request) sandbox.Response {
	return jsonResponse(http.StatusOK, map[string]any{"server_info": s.serverInfo(), "_hash": hashOf("public")})
}

func (s *Server) serverInfo() map[string]any {
	return map[string]any{
		"flavor": s.state.instance.Flavor, "version": s.state.instance.Version, "build": "185",
		"gmt_iso8601": s.Now().UTC().Format("2006-01-02T15:04:05+00:00"),
	}
}

func hashOf(text string) string {
	sum := md5.Sum([]byte(text)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

// AddModule adds a custom module, which changes the metadata.
func (s *Server) AddModule(name string) {
	s.UpdateInstance(func(i *Instance) { i.Modules = append(i.Modules, name) })
}

// ChangeModule changes the definition of a module, as a new field in Studio does.
func (s *Server) ChangeModule(name string) {
	s.Lock()
	defer s.Unlock()
	s.state.changes[name]++
}
