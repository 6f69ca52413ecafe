package server

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// schemaPrefix is the prefix of references to the document's schemas.
const schemaPrefix = "#/components/schemas/"

// document creates the OpenAPI document. The library derives most of it from the Go types. The schemas of settings and
// credentials come from the declarations of the target systems; they are documentation only. The engine alone validates
// settings and credentials, so that each mistake is reported once.
func (s *Server) document() ([]byte, error) {
	describeTokenEndpoint(s.api.OpenAPI())
	generated, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return nil, err
	}
	var document map[string]any
	if err := json.Unmarshal(generated, &document); err != nil {
		return nil, err
	}
	schemas, err := objectAt(document, "components", "schemas")
	if err != nil {
		return nil, err
	}
	var settings, credentials, creations []any
	for _, system := range s.engine.Systems() {
		prefix := schemaName(system.Name)
		schemas[prefix+"Settings"] = fieldsSchema(system, system.Settings())
		schemas[prefix+"Credentials"] = fieldsSchema(system, system.Secrets())
		settings = append(settings, reference(prefix+"Settings"))
		credentials = append(credentials, reference(prefix+"Credentials"))
		creations = append(creations, map[string]any{"properties": map[string]any{
			"system":      map[string]any{"const": system.Name},
			"settings":    reference(prefix + "Settings"),
			"credentials": reference(prefix + "Credentials"),
		}})
	}
	create, err := objectAt(schemas, "CreateConnection")
	if err != nil {
		return nil, err
	}
	create["oneOf"] = creations
	for schema, choices := range map[string]map[string][]any{
		"Connection":        {"settings": settings},
		"UpdateConnection":  {"settings": settings, "credentials": credentials},
		"UpdateCredentials": {"credentials": credentials},
		"Revalidate":        {"credentials": credentials},
		"Comparison":        {"credentials": credentials},
	} {
		for property, choice := range choices {
			found, err := objectAt(schemas, schema, "properties", property)
			if err != nil {
				return nil, err
			}
			found["anyOf"] = choice
		}
	}
	allowExtraProperties(document, schemas)
	text, err := json.MarshalIndent(document, "", "  ")
	return append(text, '\n'), err
}

// allowExtraProperties allows responses to have members that the document does not have: clients ignore them, so that later
// versions can add some. Requests must not have any.
func allowExtraProperties(document, schemas map[string]any) {
	inRequests := map[string]bool{} // names of schemas
	var visit func(in any)
	visit = func(in any) {
		switch in := in.(type) {
		case []any:
			for _, item := range in {
				visit(item)
			}
		case map[string]any:
			for _, value := range in {
				visit(value)
			}
			text, _ := in["$ref"].(string)
			if name := strings.TrimPrefix(text, schemaPrefix); name != text && !inRequests[name] {
				inRequests[name] = true
				visit(schemas[name])
			}
		}
	}
	paths, _ := document["paths"].(map[string]any)
	for _, operations := range paths {
		operations, _ := operations.(map[string]any)
		for _, operation := range operations {
			operation, _ := operation.(map[string]any)
			visit(operation["requestBody"])
		}
	}
	for name, schema := range schemas {
		if schema, ok := schema.(map[string]any); ok && !inRequests[name] && schema["additionalProperties"] == false {
			delete(schema, "additionalProperties")
		}
	}
}

// fieldsSchema is the JSON schema of the settings, or of the credentials, of a target system.
func fieldsSchema(system *target.System, fields []target.Field) map[string]any {
	properties := map[string]any{}
	required := []string{}
	for _, f := range fields {
		property := map[string]any{"type": "string", "description": f.Help}
		if len(f.Allowed) > 0 {
			property["enum"] = f.Allowed
		}
		if f.Default != "" {
			property["default"] = f.Default
		}
		if f.Secret {
			property["writeOnly"] = true
		}
		switch f.Type {
		case target.URL:
			property["format"] = "uri"
		case target.EmailAddress:
			property["format"] = "email"
		default: // JSON Schema has no format for plain text
		}
		properties[f.Name] = property
		if f.Required {
			required = append(required, f.Name)
		}
	}
	schema := map[string]any{
		"type": "object", "title": system.Title, "properties": properties, "additionalProperties": false,
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

func schemaName(system string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(system, "_") {
		if word != "" {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return name.String()
}

func reference(schema string) map[string]any {
	return map[string]any{"$ref": schemaPrefix + schema}
}

// objectAt returns the object at a path of a document.
func objectAt(in map[string]any, path ...string) (map[string]any, error) {
	for _, name := range path {
		next, ok := in[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("the generated document has no %s", strings.Join(path, "."))
		}
		in = next
	}
	return in, nil
}
