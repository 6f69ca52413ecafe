package server_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestWarningsOfConnectionsAndTests(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for mode, want := range map[string][]string{"plain": {}, "fancy": {deprecatedValues["fancy"]}} {
			request := newConnection(mode, "mail")
			request.Settings["mode"] = mode
			c, err := s.client.CreateConnection(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			tested, err := s.client.RunTest(t.Context(), c.ID, api.RunTest{})
			if err != nil || !reflect.DeepEqual(c.Warnings, want) || !reflect.DeepEqual(tested.Warnings, want) {
				t.Errorf("%s: got the warnings %v and %v, %v", mode, c.Warnings, tested.Warnings, err)
			}
			if c.CredentialsExpireAt != nil {
				t.Errorf("a password expires at %s", c.CredentialsExpireAt)
			}
		}
		systems, err := s.client.TargetSystems(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range systems[0].Fields {
			if (f.Name == "mode") != strings.Contains(f.Deprecated["fancy"], "fashion") {
				t.Errorf("%s: the deprecated values are %v", f.Name, f.Deprecated)
			}
		}
	})
}
