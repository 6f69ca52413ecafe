package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	const valid = `{"name":"a","system":"mail","settings":{"address":"` + workingAddress + `","username":"svc@example.com"},` +
		`"credentials":{"password":"` + goodPassword + `"}`
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	onBoth(t, func(t *testing.T, p *plane) {
		for name, c := range map[string]struct {
			method, path, body string
			headers            []string
			status             int
			problem            string
			// paths are those of the mistakes, in order; nil does not look.
			paths []string
		}{
			"unknown field":           {"POST", "/v1/connections", valid + `,"nam":"b"}`, nil, 422, api.ProblemInvalid, []string{"nam"}},
			"field in another case":   {"POST", "/v1/connections", valid + `,"Name":"b"}`, nil, 422, api.ProblemInvalid, []string{"Name"}},
			"unknown nested field":    {"POST", "/v1/credential-comparisons", `{"comparisons":[{"connection_id":"` + uuid.NewString() + `","credentials":{},"x":1}]}`, nil, 422, api.ProblemInvalid, []string{"comparisons[0].x"}},
			"field twice":             {"POST", "/v1/connections", valid + `,"name":"b"}`, nil, 400, api.ProblemInvalid, []string{"body"}},
			"secret twice":            {"POST", "/v1/connections", `{"name":"a","system":"mail","credentials":{"password":"canary1","password":"canary2"}}`, nil, 400, api.ProblemInvalid, []string{"body"}},
			"trailing data":           {"POST", "/v1/connections", valid + `} {}`, nil, 400, api.ProblemInvalid, []string{"body"}},
			"truncated":               {"POST", "/v1/connections", `{"name":"canary`, nil, 400, api.ProblemInvalid, []string{"body"}},
			"no JSON":                 {"POST", "/v1/connections", `canary`, nil, 400, api.ProblemInvalid, []string{"body"}},
			"nested deeply":           {"POST", "/v1/connections", deep, nil, 400, api.ProblemInvalid, []string{"body"}},
			"no body":                 {"POST", "/v1/connections", "", nil, 400, api.ProblemInvalid, nil},
			"a list":                  {"POST", "/v1/connections", "[]", nil, 422, api.ProblemInvalid, []string{"body"}},
			"null":                    {"POST", "/v1/connections", "null", nil, 422, api.ProblemInvalid, []string{"body"}},
			"a number for a text":     {"POST", "/v1/users", `{"email":1,"enabled":true}`, nil, 422, api.ProblemInvalid, []string{"email"}},
			"a number for a secret":   {"POST", "/v1/connections", `{"name":"a","system":"mail","credentials":{"password":1}}`, nil, 422, api.ProblemInvalid, []string{"credentials.password"}},
			"null for a setting":      {"POST", "/v1/connections", `{"name":"a","system":"mail","settings":{"address":null}}`, nil, 422, api.ProblemInvalid, []string{"settings.address"}},
			"a required field":        {"POST", "/v1/connections", `{"system":"mail"}`, nil, 422, api.ProblemInvalid, nil},
			"a form":                  {"POST", "/v1/users", "email=a", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, api.ProblemInvalid, nil},
			"no secrets to store":     {"PUT", "/v1/connections/" + uuid.NewString() + "/credentials", `{"credentials":{}}`, nil, 422, api.ProblemInvalid, []string{"credentials"}},
			"an unknown account":      {"POST", "/v1/connections/" + uuid.NewString() + "/tests", `{"account":"boss"}`, nil, 422, api.ProblemInvalid, []string{"account"}},
			"an unknown parameter":    {"GET", "/v1/connections?nmae=a", "", nil, 422, api.ProblemInvalid, []string{"query.nmae"}},
			"a limit of 0":            {"GET", "/v1/connections?limit=0", "", nil, 422, api.ProblemInvalid, []string{"query.limit"}},
			"a limit of 501":          {"GET", "/v1/users?limit=501", "", nil, 422, api.ProblemInvalid, []string{"query.limit"}},
			"a limit that is none":    {"GET", "/v1/users?limit=many", "", nil, 422, api.ProblemInvalid, []string{"query.limit"}},
			"an invented cursor":      {"GET", "/v1/users?cursor=abc", "", nil, 422, api.ProblemInvalid, []string{"query.cursor"}},
			"a forged cursor":         {"GET", "/v1/sync-logs?cursor=%27%3B--", "", nil, 422, api.ProblemInvalid, []string{"query.cursor"}},
			"an unknown status":       {"GET", "/v1/connections?status=fine", "", nil, 422, api.ProblemInvalid, []string{"query.status"}},
			"a time that is none":     {"GET", "/v1/sync-logs?since=yesterday", "", nil, 422, api.ProblemInvalid, []string{"query.since"}},
			"too many ids":            {"GET", "/v1/connections?id=x" + strings.Repeat("&id=x", 100), "", nil, 422, api.ProblemInvalid, []string{"query.id"}},
			"an ETag without quotes":  {"DELETE", "/v1/users/" + uuid.NewString(), "", []string{"If-Match", "1"}, 422, api.ProblemInvalid, []string{"header.If-Match"}},
			"an ETag of letters":      {"PATCH", "/v1/users/" + uuid.NewString(), `{}`, []string{"If-Match", `"x"`}, 422, api.ProblemInvalid, []string{"header.If-Match"}},
			"a weak ETag":             {"PATCH", "/v1/users/" + uuid.NewString(), `{}`, []string{"If-Match", `W/"1"`}, 422, api.ProblemInvalid, []string{"header.If-Match"}},
			"a long idempotency key":  {"POST", "/v1/users", `{"email":"a@example.com","enabled":true}`, []string{"Idempotency-Key", strings.Repeat("k", 256)}, 422, api.ProblemInvalid, []string{"header.Idempotency-Key"}},
			"an interval of eternity": {"POST", "/v1/sync-policies", `{"name":"a","enabled":false,"interval_seconds":9223372036854775807}`, nil, 422, api.ProblemInvalid, []string{"interval_seconds"}},
			"an id that is none":      {"GET", "/v1/connections/x", "", nil, 404, api.ProblemNotFound, nil},
			"an id with a quote":      {"GET", "/v1/users/%27%20OR%201=1", "", nil, 404, api.ProblemNotFound, nil},
			"a change of nothing":     {"PATCH", "/v1/sync-policies/" + uuid.NewString(), `{}`, nil, 404, api.ProblemNotFound, nil},
			"no such address":         {"GET", "/v1/connection", "", nil, 404, api.ProblemNoRoute, nil},
			"an address above":        {"GET", "/v1/../v1/users", "", nil, 404, api.ProblemNoRoute, nil},
			"a method that is none":   {"POST", "/v1/instance", "{}", nil, 405, api.ProblemNoRoute, nil},
		} {
			t.Run(name, func(t *testing.T) {
				headers := append([]string{"Content-Type", "application/json"}, c.headers...)
				resp, text := p.send(t, c.method, c.path, c.body, headers...)
				var got api.Problem
				if err := json.Unmarshal([]byte(text), &got); err != nil {
					t.Fatalf("%d %s: %v", resp.StatusCode, text, err)
				}
				if resp.StatusCode != c.status || got.Status != c.status || got.Type != api.ProblemTypePrefix+c.problem ||
					got.Title == "" || got.Detail == "" || got.RequestID == "" ||
					got.RequestID != resp.Header.Get("X-Request-Id") ||
					resp.Header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%d %v %s", resp.StatusCode, resp.Header, text)
				}
				if c.status == http.StatusMethodNotAllowed && !strings.Contains(resp.Header.Get("Allow"), "GET") {
					t.Errorf("Allow is %q", resp.Header.Get("Allow"))
				}
				if c.paths == nil {
					return
				}
				if len(got.Errors) != len(c.paths) {
					t.Fatalf("mistakes %+v", got.Errors)
				}
				for i, path := range c.paths {
					if got.Errors[i].Path != path || got.Errors[i].Message == "" {
						t.Errorf("mistake %d is %+v, want %s", i, got.Errors[i], path)
					}
				}
			})
		}
	})
}

func TestTheEngineJudgesWhatIsAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, p *plane) {
		existing := p.connect(t, "Exchange", "mail")
		change := func(f func(*api.CreateConnection)) api.CreateConnection {
			in := newConnection("another", "mail")
			f(&in)
			return in
		}
		for name, c := range map[string]struct {
			in      api.CreateConnection
			status  int
			problem string
			path    string
		}{
			"an unknown system":       {change(func(in *api.CreateConnection) { in.System = "fax" }), 422, api.ProblemInvalid, "system"},
			"a name of 201":           {change(func(in *api.CreateConnection) { in.Name = strings.Repeat("n", 201) }), 422, api.ProblemInvalid, "name"},
			"a name without text":     {change(func(in *api.CreateConnection) { in.Name = "" }), 422, api.ProblemInvalid, "name"},
			"a name with a bell":      {change(func(in *api.CreateConnection) { in.Name = "ring\a" }), 422, api.ProblemInvalid, "name"},
			"a setting that is none":  {change(func(in *api.CreateConnection) { in.Settings["port"] = "1" }), 422, api.ProblemInvalid, "settings.port"},
			"a secret that is none":   {change(func(in *api.CreateConnection) { in.Credentials["pin"] = "1" }), 422, api.ProblemInvalid, "credentials.pin"},
			"a value not allowed":     {change(func(in *api.CreateConnection) { in.Settings["mode"] = "x" }), 422, api.ProblemInvalid, "settings.mode"},
			"http to elsewhere":       {change(func(in *api.CreateConnection) { in.Settings["address"] = "http://mail.example.com" }), 422, api.ProblemInvalid, "settings.address"},
			"no secrets":              {change(func(in *api.CreateConnection) { in.Credentials = nil }), 422, api.ProblemInvalid, "credentials"},
			"a name that is taken":    {change(func(in *api.CreateConnection) { in.Name = "EXCHANGE" }), 409, api.ProblemNameTaken, ""},
			"a password that is not":  {change(func(in *api.CreateConnection) { in.Credentials["password"] = wrongPassword }), 422, api.ProblemFault, ""},
			"a system that is absent": {change(func(in *api.CreateConnection) { in.Settings["address"] = brokenAddress }), 422, api.ProblemFault, ""},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := p.client.CreateConnection(t.Context(), c.in)
				got, isProblem := api.AsProblem(err)
				if !isProblem || got.Status != c.status || !api.IsProblem(err, c.problem) || got.RequestID == "" {
					t.Fatalf("%v: %+v", err, got)
				}
				if c.path != "" && (len(got.Errors) != 1 || got.Errors[0].Path != c.path) {
					t.Errorf("mistakes %+v", got.Errors)
				}
				if c.problem == api.ProblemNameTaken && got.ObjectID != existing.ID {
					t.Errorf("taken by %q", got.ObjectID)
				}
			})
		}
	})
}

func TestFaultsAreTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, p *plane) {
		in := newConnection("a", "mail")
		in.Credentials["password"] = wrongPassword
		for i, remembered := range []bool{false, false, true} {
			_, err := p.client.CreateConnection(t.Context(), in)
			got, _ := api.AsProblem(err)
			if got == nil || got.Fault == nil {
				t.Fatalf("error %v", err)
			}
			fault := got.Fault
			if fault.Code != "given_credentials" || got.Title != "Cannot Connect to the Target System with Given Credentials" ||
				fault.Title != got.Title || !strings.Contains(fault.Message, "refused") || len(fault.Help) != 1 ||
				fault.Field != "password" || fault.Retryable || fault.Remembered != remembered {
				t.Errorf("try %d: %+v", i+1, fault)
			}
		}
		in = newConnection("a", "mail")
		in.Settings["address"] = brokenAddress
		_, err := p.client.CreateConnection(t.Context(), in)
		if got, _ := api.AsProblem(err); got == nil || got.Fault == nil || !got.Fault.Retryable || got.Fault.Help == nil {
			t.Errorf("error %v", err)
		}
	})
}

func TestAChangeOfAddressNeedsTheSecrets(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, p *plane) {
		c := p.connect(t, "Exchange", "mail")
		_, err := p.client.UpdateConnection(t.Context(), c.ID, 0, api.UpdateConnection{Settings: map[string]string{
			"address": "https://elsewhere.example.com", "username": "svc@example.com",
		}})
		got, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemCredentialsNeeded) || got.Status != http.StatusUnprocessableEntity ||
			len(got.Errors) != 1 || got.Errors[0].Path != "settings.address" {
			t.Errorf("problem %+v", got)
		}
	})
}

func TestLargeBodies(t *testing.T) {
	t.Parallel()
	body := func(size int) string {
		const frame = `{"email":"a@example.com","enabled":true,"display_name":""}`
		return frame[:len(frame)-2] + strings.Repeat("x", size-len(frame)) + `"}`
	}
	onBoth(t, func(t *testing.T, p *plane) {
		for size, want := range map[int]struct {
			status  int
			problem string
		}{1 << 20: {422, api.ProblemInvalid}, 1<<20 + 1: {413, api.ProblemTooLarge}, 5 << 20: {413, api.ProblemTooLarge}} {
			resp, text := p.send(t, http.MethodPost, "/v1/users", body(size), "Content-Type", "application/json")
			if resp.StatusCode != want.status || !strings.Contains(text, want.problem) {
				t.Errorf("%d bytes: %d %.200s", size, resp.StatusCode, text)
			}
		}
	})
}

func TestPanicsAreSurvived(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, p *plane) {
		in := newConnection("a", "mail")
		in.Credentials["password"] = panicPassword
		_, err := p.client.CreateConnection(t.Context(), in)
		got, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemInternal) || got.Status != http.StatusInternalServerError {
			t.Fatalf("error %v", err)
		}
		if log := p.log.String(); !strings.Contains(log, "panic") || !strings.Contains(log, got.RequestID) {
			t.Error("the log does not say what happened")
		}
		if _, err := p.client.Instance(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, p *plane) {
		for given, kept := range map[string]bool{
			"run-42_a.b": true, "": false, "with space": false, "<script>": false, strings.Repeat("a", 129): false,
		} {
			resp, _ := p.send(t, http.MethodGet, "/v1/instance", "", "X-Request-Id", given)
			got := resp.Header.Get("X-Request-Id")
			if kept && got != given || !kept && uuid.Validate(got) != nil {
				t.Errorf("%q became %q", given, got)
			}
			if !strings.Contains(p.log.String(), "request_id="+got) {
				t.Errorf("the log has no line for %q", got)
			}
		}
	})
}
