package suitecrm

import (
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// modules lists the modules and the permissions in each.
func (s *Server) modules() sandbox.Response {
	list := map[string]any{}
	for _, name := range s.state.instance.Modules {
		list[name] = map[string]any{
			"label": name, "access": []string{"access", "delete", "edit", "export", "import", "list", "massupdate", "view"},
		}
	}
	return document(map[string]any{"data": map[string]any{"type": "modules", "attributes": list}})
}

// fields describes the fields of a module.
func (s *Server) fields(module string) sandbox.Response {
	if !slices.Contains(s.state.instance.Modules, module) {
		return apiError(http.StatusBadRequest, "The API user does not have access to this module.")
	}
	list := map[string]any{
		"id":   map[string]any{"type": "id", "dbType": "id", "required": true},
		"name": map[string]any{"type": "name", "dbType": "varchar", "len": "255", "required": true},
	}
	return document(map[string]any{"data": map[string]any{"type": "fields", "attributes": list}})
}

// AddModule adds a custom module, which changes the metadata.
func (s *Server) AddModule(name string) {
	s.UpdateInstance(func(i *Instance) { i.Modules = append(i.Modules, name) })
}
