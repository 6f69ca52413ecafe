package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestInstance(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		instance, err := s.client.Instance(t.Context())
		if err != nil || uuid.Validate(instance.ID) != nil || instance.Version != "1.2.3" || instance.Store != s.store ||
			instance.Embedded != (s.token == "") || !slices.Contains(instance.Capabilities, "credential-comparisons") {
			t.Errorf("instance %+v, %v", instance, err)
		}
		found, err := s.client.TargetSystems(t.Context())
		if err != nil || len(found) != 3 || found[0].Name != "mail" || found[1].Kind != "crm" {
			t.Fatalf("systems %+v, %v", found, err)
		}
		if found[0].Revalidates || !found[2].Revalidates || !slices.Contains(instance.Capabilities, api.CapabilityRevalidations) {
			t.Errorf("re-validation: %+v, %v", found, instance.Capabilities)
		}
		mode := found[0].Fields[2]
		if mode.Name != "mode" || mode.Default != "plain" || !slices.Equal(mode.Allowed, []string{"plain", "fancy"}) || mode.Secret {
			t.Errorf("field %+v", mode)
		}
		address, authority := found[0].Fields[0], found[0].Fields[4]
		if !address.Binds || address.BindsIfWeaker || authority.Binds || !authority.BindsIfWeaker || mode.Binds || mode.BindsIfWeaker {
			t.Errorf("fields %+v, %+v, %+v", address, authority, mode)
		}
		if grant := found[0].Grants[0]; !slices.Equal(grant.Secrets, []string{"password"}) {
			t.Errorf("grant %+v", grant)
		}
	})
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t)
	s.token = "" // probes have no token
	for _, path := range []string{"/healthz", "/readyz"} {
		if resp, text := s.send(t, http.MethodGet, path, ""); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
	if err := s.closeStore(); err != nil {
		t.Fatal(err)
	}
	if resp, _ := s.send(t, http.MethodGet, "/healthz", ""); resp.StatusCode != http.StatusOK {
		t.Errorf("alive: %d", resp.StatusCode)
	}
	resp, text := s.send(t, http.MethodGet, "/readyz", "")
	if resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text, api.ProblemUnavailable) {
		t.Errorf("ready without a store: %d %s", resp.StatusCode, text)
	}
}

// decode reads an address and decodes the response.
func (s *testServer) decode(t *testing.T, path string, into any) {
	t.Helper()
	resp, text := s.send(t, http.MethodGet, path, "")
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", path, resp.StatusCode, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
