package serve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	const trusted, foreign = "127.0.0.1,10.0.0.0/8,2001:db8::/32", "192.0.2.0/24"
	for name, c := range map[string]struct {
		proxies   string
		forwarded []string
		proto     []string
		address   string
		secure    bool
	}{
		"nothing is sent":      {trusted, nil, nil, "127.0.0.1", false},
		"the client itself":    {trusted, []string{"198.51.100.7"}, []string{"https"}, "198.51.100.7", true},
		"an untrusted peer":    {foreign, []string{"198.51.100.7"}, []string{"https"}, "127.0.0.1", false},
		"invented":             {trusted, []string{"8.8.8.8, 198.51.100.7"}, []string{"https"}, "198.51.100.7", true},
		"two proxies":          {trusted, []string{"8.8.8.8, 198.51.100.7, 10.1.2.3"}, []string{"https, http"}, "198.51.100.7", true},
		"plain at the edge":    {trusted, []string{"198.51.100.7, 10.1.2.3"}, []string{"https, http, https"}, "198.51.100.7", false},
		"several headers":      {trusted, []string{"8.8.8.8", "198.51.100.7", "10.1.2.3"}, nil, "198.51.100.7", false},
		"a trusted one inside": {trusted, []string{"10.9.9.9, 198.51.100.7"}, nil, "198.51.100.7", false},
		"proxies only":         {trusted, []string{"10.9.9.9, 10.1.2.3"}, nil, "10.9.9.9", false},
		"with a port":          {trusted, []string{"198.51.100.7:4711"}, nil, "198.51.100.7", false},
		"IPv6":                 {trusted, []string{"2001:4860::1, 2001:db8::5"}, nil, "2001:4860::1", false},
		"IPv6 with a port":     {trusted, []string{"[2001:4860::1]:80"}, nil, "2001:4860::1", false},
		"mapped":               {trusted, []string{"198.51.100.7, ::ffff:10.1.2.3"}, nil, "198.51.100.7", false},
		"no address":           {trusted, []string{"198.51.100.7, unknown"}, nil, "127.0.0.1", false},
		"a text for the log":   {trusted, []string{"<script>\\n"}, nil, "127.0.0.1", false},
		"empty":                {trusted, []string{""}, []string{""}, "127.0.0.1", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			networks, err := serve.ParseProxies(strings.Split(c.proxies, ","))
			if err != nil {
				t.Fatal(err)
			}
			r := start(t, serve.Options{TrustedProxies: networks})
			var headers []string
			for _, value := range c.forwarded {
				headers = append(headers, "X-Forwarded-For", value)
			}
			for _, value := range c.proto {
				headers = append(headers, "X-Forwarded-Proto", value)
			}
			resp := get(t, client(t, ""), r.url+"/v1/instance", headers...)
			want := fmt.Sprintf(`"address":%q`, c.address)
			waittest.Until(t, "the request is logged", func() bool { return strings.Contains(r.log.String(), `"msg":"request"`) })
			if log := r.log.String(); !strings.Contains(log, want) {
				t.Errorf("want %s in %s", want, log)
			}
			if secure := resp.Header.Get("Strict-Transport-Security") != ""; secure != c.secure {
				t.Errorf("the client used TLS: %t, want %t", secure, c.secure)
			}
		})
	}
}

func TestUnusableProxiesAreErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "proxy.example.com", "10.0.0.0/33", "10.0.0.1:80"} {
		if _, err := serve.ParseProxies([]string{text}); err == nil || !strings.Contains(err.Error(), "--trusted-proxies") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
