package serve_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// Whatever clients send, the number of series stays the same: addresses, methods and names of others are not labels.
func TestMetricsCountRequestsByOperation(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{PublicURL: "http://127.0.0.1"})
	c := client(t, "")
	for i := range 30 {
		get(t, c, r.url+"/v1/instance")
		get(t, c, r.url+fmt.Sprintf("/v1/connections/canary-%d", i))
		get(t, c, r.url+fmt.Sprintf("/canary/%d", i))
		if _, err := try(t.Context(), c, fmt.Sprintf("CANARY%d", i), r.url+"/v1/users", nil); err != nil {
			t.Fatal(err)
		}
		get(t, c, r.url+fmt.Sprintf("/authorize/canary-%d", i))
		get(t, c, r.url+"/healthz")
	}
	var series []string
	// A response arrives before its request is counted.
	waittest.Until(t, "all requests are counted", func() bool {
		series = r.metrics(t, "riva_http_requests_total")
		return len(series) > 0 && strings.Contains(strings.Join(series, "\n"), `operation="sign-in-pages",status="421"} 30`)
	})
	want := []string{
		`riva_http_requests_total{operation="none",status="404"} 30`,
		`riva_http_requests_total{operation="none",status="405"} 30`,
		`riva_http_requests_total{operation="read-connection",status="401"} 30`,
		`riva_http_requests_total{operation="read-instance",status="401"} 30`,
		`riva_http_requests_total{operation="sign-in-pages",status="421"} 30`,
	}
	if !slices.Equal(series, want) {
		t.Errorf("the requests are counted as\n%s", strings.Join(series, "\n"))
	}
	if durations := r.metrics(t, `riva_http_request_duration_seconds_count`); len(durations) != 4 {
		t.Errorf("the durations are counted as %q", durations)
	}
	all := strings.Join(r.metrics(t, ""), "\n")
	for _, want := range []string{
		`riva_build_info{version="0.0.0-test"} 1`, "go_goroutines", "riva_cycles_running 0", "riva_cycles_waiting 0",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(strings.ToLower(all), "canary") {
		t.Error("the metrics contain what clients sent")
	}
}

func TestMetricsHaveListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{})
	if resp := get(t, client(t, ""), r.url+"/metrics"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("/metrics beside the contract: status %d", resp.StatusCode)
	}
	for _, path := range []string{"/", "/v1/instance", "/healthz"} {
		if resp := get(t, client(t, ""), "http://"+r.MetricsAddress()+path); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s beside the metrics: status %d", path, resp.StatusCode)
		}
	}
}
