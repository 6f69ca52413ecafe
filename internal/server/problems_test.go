package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// invalidRequest is a request and its problem: by default, the status is 422 and the type is invalid-request.
type invalidRequest struct {
	method, path, body string
	headers            []string
	status             int
	problem            string
	// paths are the paths of the invalid fields, in order.
	paths []string
}

func newRequest(method, path, body string) invalidRequest {
	return invalidRequest{
		method: method, path: path, body: body, status: http.StatusUnprocessableEntity, problem: api.ProblemInvalid,
		headers: []string{"Content-Type", "application/json"},
	}
}

func post(path, body string) invalidRequest { return newRequest(http.MethodPost, path, body) }

func (m invalidRequest) with(header, value string) invalidRequest {
	m.headers = append(slices.Clone(m.headers), header, value)
	return m
}

func (m invalidRequest) withStatus(status int) invalidRequest {
	m.status = status
	return m
}

func (m invalidRequest) withProblem(problem string) invalidRequest {
	m.problem = problem
	return m
}

func (m invalidRequest) at(paths ...string) invalidRequest {
	m.paths = paths
	return m
}

func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	const (
		secret = `{"password":"` + goodPassword + `"}`
		valid  = `{"name":"a","system":"mail","settings":{"address":"` + workingAddress + `","username":"svc@example.com"},` +
			`"credentials":` + secret
		twice   = `{"name":"a","system":"mail","credentials":{"password":"canary1","password":"canary2"}}`
		user    = `{"email":"a@example.com","enabled":true}`
		form    = "application/x-www-form-urlencoded"
		endless = `{"name":"a","enabled":false,"interval_seconds":9223372036854775807}`
	)
	id, long := uuid.NewString(), strings.Repeat("k", 256)
	nested := `{"comparisons":[{"connection_id":"` + id + `","credentials":{},"x":1}]}`
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for name, c := range map[string]invalidRequest{
			"unknown field":          post("/v1/connections", valid+`,"nam":"b"}`).at("nam"),
			"field in another case":  post("/v1/connections", valid+`,"Name":"b"}`).at("Name"),
			"unknown nested field":   post("/v1/credential-comparisons", nested).at("comparisons[0].x"),
			"field twice":            post("/v1/connections", valid+`,"name":"b"}`).withStatus(400).at("body"),
			"secret twice":           post("/v1/connections", twice).withStatus(400).at("body"),
			"trailing data":          post("/v1/connections", valid+`} {}`).withStatus(400).at("body"),
			"truncated":              post("/v1/connections", `{"name":"canary`).withStatus(400).at("body"),
			"not JSON":               post("/v1/connections", `canary`).withStatus(400).at("body"),
			"nested deeply":          post("/v1/connections", deep).withStatus(400).at("body"),
			"no body":                post("/v1/connections", "").withStatus(400),
			"a list":                 post("/v1/connections", "[]").at("body"),
			"null":                   post("/v1/connections", "null").at("body"),
			"a number for a text":    post("/v1/users", `{"email":1,"enabled":true}`).at("email"),
			"a number for a secret":  post("/v1/connections", valid[:len(valid)-len(secret)]+`{"password":1}}`).at("credentials.password"),
			"null for a setting":     post("/v1/connections", `{"name":"a","system":"mail","settings":{"x":null}}`).at("settings.x"),
			"a required field":       post("/v1/connections", `{"system":"mail"}`).at("name"),
			"a form":                 post("/v1/users", "email=a").with("Content-Type", form).withStatus(415),
			"no secrets to store":    newRequest("PUT", "/v1/connections/"+id+"/credentials", `{"credentials":{}}`).at("credentials"),
			"a text for revalidate":  newRequest("PATCH", "/v1/connections/"+id, `{"revalidate":"yes"}`).at("revalidate"),
			"an unknown account":     post("/v1/connections/"+id+"/tests", `{"account":"boss"}`).at("account"),
			"an unknown parameter":   newRequest("GET", "/v1/connections?color=a", "").at("query.color"),
			"a limit of 0":           newRequest("GET", "/v1/connections?limit=0", "").at("query.limit"),
			"a limit of 501":         newRequest("GET", "/v1/users?limit=501", "").at("query.limit"),
			"an invalid limit":       newRequest("GET", "/v1/users?limit=many", "").at("query.limit"),
			"an invented cursor":     newRequest("GET", "/v1/users?cursor=abc", "").at("query.cursor"),
			"a forged cursor":        newRequest("GET", "/v1/sync-logs?cursor=%27%3B--", "").at("query.cursor"),
			"an unknown status":      newRequest("GET", "/v1/connections?status=fine", "").at("query.status"),
			"an invalid time":        newRequest("GET", "/v1/sync-logs?since=yesterday", "").at("query.since"),
			"too many ids":           newRequest("GET", "/v1/connections?id=x"+strings.Repeat("&id=x", 100), "").at("query.id"),
			"an ETag without quotes": newRequest("DELETE", "/v1/users/"+id, "").with("If-Match", "1").at("header.If-Match"),
			"an ETag of letters":     newRequest("PATCH", "/v1/users/"+id, `{}`).with("If-Match", `"x"`).at("header.If-Match"),
			"a weak ETag":            newRequest("PATCH", "/v1/users/"+id, `{}`).with("If-Match", `W/"1"`).at("header.If-Match"),
			"a long idempotency key": post("/v1/users", user).with("Idempotency-Key", long).at("header.Idempotency-Key"),
			"an endless interval":    post("/v1/sync-policies", endless).at("interval_seconds"),
			"an invalid id":          newRequest("GET", "/v1/connections/x", "").withStatus(404).withProblem(api.ProblemNotFound),
			"an id with a quote":     newRequest("GET", "/v1/users/%27%20OR%201=1", "").withStatus(404).withProblem(api.ProblemNotFound),
			"a change of nothing":    newRequest("PATCH", "/v1/sync-policies/"+id, `{}`).withStatus(404).withProblem(api.ProblemNotFound),
			"no such address":        newRequest("GET", "/v1/connection", "").withStatus(404).withProblem(api.ProblemNoRoute),
			"an address above":       newRequest("GET", "/v1/../v1/users", "").withStatus(404).withProblem(api.ProblemNoRoute),
			"a wrong method":         post("/v1/instance", "{}").withStatus(405).withProblem(api.ProblemNoRoute),
		} {
			t.Run(name, func(t *testing.T) {
				resp, text := s.send(t, c.method, c.path, c.body, c.headers...)
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
				first, sentence := got.Detail[:1], strings.HasSuffix(got.Detail, ".")
				if c.problem != api.ProblemInvalid && (first != strings.ToUpper(first) || !sentence) {
					t.Errorf("the detail is not a sentence: %s", got.Detail)
				}
				if c.status == http.StatusMethodNotAllowed && !strings.Contains(resp.Header.Get("Allow"), "GET") {
					t.Errorf("Allow is %q", resp.Header.Get("Allow"))
				}
				if c.paths == nil { // the request as a whole is invalid
					return
				}
				if len(got.Errors) != len(c.paths) {
					t.Fatalf("invalid fields %+v", got.Errors)
				}
				for i, path := range c.paths {
					if got.Errors[i].Path != path || got.Errors[i].Message == "" {
						t.Errorf("invalid field %d is %+v, want %s", i, got.Errors[i], path)
					}
				}
			})
		}
	})
}

func TestEngineErrorsBecomeProblems(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		existing := s.connect(t, "Exchange", "mail")
		type test struct {
			change  func(*api.CreateConnection)
			status  int
			problem string
			path    string
		}
		invalid := func(path string, change func(*api.CreateConnection)) test {
			return test{change, http.StatusUnprocessableEntity, api.ProblemInvalid, path}
		}
		fails := func(status int, problem string, change func(*api.CreateConnection)) test {
			return test{change, status, problem, ""}
		}
		for name, c := range map[string]test{
			"an unknown system":   invalid("system", func(in *api.CreateConnection) { in.System = "fax" }),
			"a name of 201":       invalid("name", func(in *api.CreateConnection) { in.Name = strings.Repeat("n", 201) }),
			"a name without text": invalid("name", func(in *api.CreateConnection) { in.Name = "" }),
			"a name with a bell":  invalid("name", func(in *api.CreateConnection) { in.Name = "ring\a" }),
			"an unknown setting":  invalid("settings.port", func(in *api.CreateConnection) { in.Settings["port"] = "1" }),
			"an unknown secret":   invalid("credentials.pin", func(in *api.CreateConnection) { in.Credentials["pin"] = "1" }),
			"a value not allowed": invalid("settings.mode", func(in *api.CreateConnection) { in.Settings["mode"] = "x" }),
			"http to elsewhere": invalid("settings.address", func(in *api.CreateConnection) {
				in.Settings["address"] = "http://mail.example.com"
			}),
			"no secrets":       invalid("credentials", func(in *api.CreateConnection) { in.Credentials = nil }),
			"an existing name": fails(409, api.ProblemNameTaken, func(in *api.CreateConnection) { in.Name = "EXCHANGE" }),
			"a wrong password": fails(422, api.ProblemFault, func(in *api.CreateConnection) {
				in.Credentials["password"] = wrongPassword
			}),
			"an unreachable system": fails(422, api.ProblemFault, func(in *api.CreateConnection) {
				in.Settings["address"] = brokenAddress
			}),
		} {
			t.Run(name, func(t *testing.T) {
				in := newConnection("another", "mail")
				c.change(&in)
				_, err := s.client.CreateConnection(t.Context(), in)
				got, isProblem := api.AsProblem(err)
				if !isProblem || got.Status != c.status || !api.IsProblem(err, c.problem) || got.RequestID == "" {
					t.Fatalf("%v: %+v", err, got)
				}
				if c.path != "" && (len(got.Errors) != 1 || got.Errors[0].Path != c.path) {
					t.Errorf("invalid fields %+v", got.Errors)
				}
				if c.problem == api.ProblemNameTaken && got.ObjectID != existing.ID {
					t.Errorf("taken by %q", got.ObjectID)
				}
			})
		}
	})
}

func TestFaultProblems(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		in := newConnection("a", "mail")
		in.Credentials["password"] = wrongPassword
		for i, remembered := range []bool{false, false, true} {
			_, err := s.client.CreateConnection(t.Context(), in)
			got, _ := api.AsProblem(err)
			if got == nil || got.Fault == nil {
				t.Fatalf("error %v", err)
			}
			fault := got.Fault
			if fault.Code != "given_credentials" || got.Title != "Cannot Connect to the Target System with Given Credentials" ||
				fault.Title != got.Title || !strings.Contains(fault.Message, "rejected") || len(fault.Help) != 1 ||
				fault.Field != "password" || fault.Retryable || fault.Remembered != remembered {
				t.Errorf("attempt %d: %+v", i+1, fault)
			}
		}
		in = newConnection("a", "mail")
		in.Settings["address"] = brokenAddress
		_, err := s.client.CreateConnection(t.Context(), in)
		if got, _ := api.AsProblem(err); got == nil || got.Fault == nil || !got.Fault.Retryable || got.Fault.Help == nil {
			t.Errorf("error %v", err)
		}
	})
}

func TestAddressChangeRequiresSecrets(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		c := s.connect(t, "Exchange", "mail")
		_, err := s.client.UpdateConnection(t.Context(), c.ID, 0, api.UpdateConnection{Settings: map[string]string{
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
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for size, want := range map[int]struct {
			status  int
			problem string
		}{1 << 20: {422, api.ProblemInvalid}, 1<<20 + 1: {413, api.ProblemTooLarge}, 5 << 20: {413, api.ProblemTooLarge}} {
			resp, text := s.send(t, http.MethodPost, "/v1/users", body(size), "Content-Type", "application/json")
			if resp.StatusCode != want.status || !strings.Contains(text, want.problem) {
				t.Errorf("%d bytes: %d %.200s", size, resp.StatusCode, text)
			}
		}
	})
}

func TestPanicsAreRecovered(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		in := newConnection("a", "mail")
		in.Credentials["password"] = panicPassword
		_, err := s.client.CreateConnection(t.Context(), in)
		got, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemInternal) || got.Status != http.StatusInternalServerError {
			t.Fatalf("error %v", err)
		}
		inProcess := s.base == embedded.BaseURL
		if inProcess != strings.Contains(got.Detail, "panic: *errors.errorString") || inProcess == strings.Contains(got.Detail, "log") {
			t.Errorf("the cause, or where it is, is not in %q", got.Detail)
		}
		if log := s.log.String(); !strings.Contains(log, "panic") || !strings.Contains(log, got.RequestID) {
			t.Error("the log does not have the panic")
		}
		if _, err := s.client.Instance(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for id, valid := range map[string]bool{
			"run-42_a.b": true, "": false, "with space": false, "<script>": false, strings.Repeat("a", 129): false,
		} {
			resp, _ := s.send(t, http.MethodGet, "/v1/instance", "", "X-Request-Id", id)
			got := resp.Header.Get("X-Request-Id")
			if valid && got != id || !valid && uuid.Validate(got) != nil {
				t.Errorf("%q became %q", id, got)
			}
			if !strings.Contains(s.log.String(), "request_id="+got) {
				t.Errorf("the log has no line for %q", got)
			}
		}
	})
}
