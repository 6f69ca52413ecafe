//go:build unix

package checkout_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hcp is a stand-in for HCP Terraform. It has the calls of a plan in a workspace with the execution mode Local:
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs.
type hcp struct {
	organization, workspace, version string

	mu       sync.Mutex
	requests []string
}

func (h *hcp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.requests = append(h.requests, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v2/"))
	h.mu.Unlock()
	w.Header().Set("Content-Type", "application/vnd.api+json")
	w.Header().Set("TFP-API-Version", "2.6")
	workspace := fmt.Sprintf(`{"data":{"id":"ws-1","type":"workspaces","attributes":{"name":%q,`+
		`"execution-mode":"local","operations":false,"terraform-version":%q,"permissions":{"can-lock":true,`+
		`"can-unlock":true,"can-update":true,"can-read-settings":true}}}}`,
		h.workspace, h.version)
	switch strings.TrimPrefix(r.URL.Path, "/api/v2/") {
	case "ping":
		w.WriteHeader(http.StatusNoContent)
	case "organizations/" + h.organization + "/entitlement-set":
		fmt.Fprint(w, `{"data":{"id":"org-1","type":"entitlement-sets","attributes":{"operations":true,"state-storage":true}}}`)
	case "organizations/" + h.organization + "/workspaces/" + h.workspace, "workspaces/ws-1",
		"workspaces/ws-1/actions/lock", "workspaces/ws-1/actions/unlock":
		fmt.Fprint(w, workspace)
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errors":[{"status":"404","title":"not found"}]}`)
	}
}

func TestHCPTerraformExamplePlans(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	var text string
	for _, block := range fenced(readText(t, "templates/guides/pipelines-hcp-terraform.md.tmpl"), "terraform") {
		if cloudBlock.MatchString(block) {
			text = block
		}
	}
	h := &hcp{organization: "example-org", workspace: "riva", version: strings.Fields(s.version[0])[1][1:]}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s.install(t)
	host := fmt.Appendf(nil, "host \"app.terraform.io\" {\n  services = {\n    \"tfe.v2\" = %q\n"+
		"  }\n}\ncredentials \"app.terraform.io\" {\n  token = \"any\"\n}\n", server.URL+"/api/v2/")
	must(t, os.WriteFile(filepath.Join(s.home, ".terraformrc"), host, 0o600))
	folder := s.configure(t, "cloud", map[string]string{"main.tf": s.toStandIns.Replace(text)})
	plane := s.newShared(t, "pipelines-hcp-terraform")
	plane.issuer.run(map[string]any{
		"sub":                    "organization:example-org:project:Default Project:workspace:riva:run_phase:plan",
		"terraform_workspace_id": "ws-A1b2C3d4E5f6G7h8",
	})
	lines := ". ~/values\nexport RIVA_ENDPOINT=" + plane.url + " RIVA_CLIENT_ID=" + plane.clientID +
		" TFC_WORKLOAD_IDENTITY_TOKEN=" + plane.issuer.token(t, plane.url) + "\n"
	out, err := s.shell(t.Context(), folder, lines+"terraform init -no-color && terraform plan -no-color").CombinedOutput()
	expectOutput(t, string(out), err, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	if !slices.Contains(h.requests, "POST workspaces/ws-1/actions/lock") {
		t.Errorf("the plan did not use the workspace; the requests were %s", h.requests)
	}
}
