package oraclecrmondemand_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	oracle "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// bench is a stand-in with a client.
type bench struct {
	*oracle.Server
	t      *testing.T
	client *http.Client
}

func start(t *testing.T, options oracle.Options) *bench {
	t.Helper()
	return &bench{Server: sandboxtest.Start(t, oracle.Start, options), t: t, client: sandboxtest.Client()}
}

type response = sandboxtest.Response

func (b *bench) send(method, address, body string, header ...string) response {
	b.t.Helper()
	return sandboxtest.Send(b.t, b.client, sandboxtest.Request(b.t, method, address, body, header...))
}

func (b *bench) login(name, password, also string) response {
	b.t.Helper()
	return b.send(http.MethodGet, b.URL()+oracle.Path+"?command=login"+also, "", "UserName", name, "Password", password)
}

// session returns a new session of the service user.
func (b *bench) session() string {
	b.t.Helper()
	got := b.login(b.Service().SignInID(), b.Service().Password, "")
	cookies := (&http.Response{Header: got.Header}).Cookies()
	if got.Status != http.StatusOK || len(cookies) != 2 || cookies[0].Name != "JSESSIONID" || !cookies[0].HttpOnly {
		b.t.Fatalf("%d %v %s", got.Status, got.Header, got.Body)
	}
	return cookies[0].Value
}

// ask queries contacts, users or activities with version 2.0 of the web services.
func (b *bench) ask(session, object, search string) response {
	b.t.Helper()
	urn := "urn:crmondemand/ws/ecbs/" + strings.ToLower(object) + "/"
	list := `<ListOfX pagesize="2" startrownum="0"><X` + search + `><Id/><UserSignInId/></X></ListOfX>`
	body := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><XQueryPage_Input xmlns="` + urn + `">` +
		list + `</XQueryPage_Input></s:Body></s:Envelope>`
	body = strings.NewReplacer("<X", "<"+object, "</X", "</"+object, "OfX", "Of"+object).Replace(body)
	return b.send(http.MethodPost, b.URL()+oracle.Path, body, "Cookie", "JSESSIONID="+session,
		"SOAPAction", `"document/`+urn+":"+object+`QueryPage"`)
}

func (b *bench) update(user string, change func(*oracle.User)) {
	b.t.Helper()
	if err := b.Update(user, change); err != nil {
		b.t.Fatal(err)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	b := start(t, oracle.Options{LockAfter: 2})
	name := b.Service().SignInID()
	if err := b.SetPassword("riva-sync", "p+ä%25"); err != nil {
		t.Fatal(err)
	}
	rejected := func(what string, got response) {
		t.Helper()
		if got.Status != http.StatusForbidden || got.Header.Get("Set-Cookie") != "" || !strings.Contains(got.Body, "Caps Lock") {
			t.Errorf("%s: %d %v %s", what, got.Status, got.Header, got.Body)
		}
	}
	if got := b.login("example/RIVA-SYNC", "p%2B%C3%A4%2525", "&isEncoded=Y"); got.Status != http.StatusOK {
		t.Errorf("encoded: %d %s", got.Status, got.Body)
	}
	rejected("bad encoding", b.login(name, "%zz", "&isEncoded=y"))
	rejected("encoded, without isEncoded", b.login(name, "p%2B%C3%A4%2525", ""))
	rejected("unknown", b.login("EXAMPLE/nobody", "x", ""))
	rejected("wrong twice", b.login(name, "x", ""))
	rejected("locked", b.login(name, "p%2B%C3%A4%2525", "&isEncoded=Y"))
	for what, change := range map[string]func(*oracle.User){
		"inactive": func(u *oracle.User) { u.Active = false }, "expired": func(u *oracle.User) { u.PasswordExpired = true },
	} {
		if err := b.Reset(); err != nil {
			t.Fatal(err)
		}
		b.update("riva-sync", change)
		rejected(what, b.login(name, b.Service().Password, ""))
	}
	if err := b.Reset(); err != nil {
		t.Fatal(err)
	}
	b.update("riva-sync", func(u *oracle.User) { u.WebServices = false })
	if got := b.login(name, b.Service().Password, ""); got.Status != 500 || !strings.Contains(got.Body, "SBL-DAT-00553") {
		t.Errorf("without the privilege: %d %s", got.Status, got.Body)
	}
}

// TestSessions checks that the number of sessions is limited, and that they end when they are idle or logged off.
func TestSessions(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := start(t, oracle.Options{Now: func() time.Time { return now }})
	b.UpdateCompany(func(c *oracle.Company) { c.SessionLimit = 1 })
	session := b.session()
	name, password := b.Service().SignInID(), b.Service().Password
	if got := b.login(name, password, ""); got.Status != 500 || !strings.Contains(got.Body, "SBL-ODU-01006") {
		t.Errorf("above the limit: %d %s", got.Status, got.Body)
	}
	lost := func(what, session string) {
		t.Helper()
		if got := b.ask(session, "Contact", ""); got.Status != 500 || !strings.Contains(got.Body, "Session is not available") {
			t.Errorf("%s: %d %s", what, got.Status, got.Body)
		}
	}
	lost("unknown session", "x")
	now = now.Add(9 * time.Minute)
	if got := b.ask(session, "Contact", ""); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	now = now.Add(9 * time.Minute)
	path := b.URL() + oracle.Path + ";jsessionid=" + session // the other form of a session id
	if got := b.send(http.MethodGet, path+"?command=logoff", ""); got.Status != http.StatusOK || len(b.Sessions()) != 0 {
		t.Errorf("logoff: %d, %v left", got.Status, b.Sessions())
	}
	lost("logged off", session)
	session = b.session()
	now = now.Add(11 * time.Minute)
	lost("idle", session)
	b.session()
}

func TestQueries(t *testing.T) {
	t.Parallel()
	b := start(t, oracle.Options{})
	b.update("alan", func(u *oracle.User) { u.Email = "o'hara@example.com" })
	session := b.session()
	for search, want := range map[string]struct {
		rows int
		text string
	}{
		`[EMailAddr] = 'ada@example.com'`:                            {1, "<UserSignInId>EXAMPLE/ada</UserSignInId>"},
		`[EMailAddr] = 'ADA@example.com'`:                            {0, `recordcount="0"`},
		`[EMailAddr] = 'o''hara@example.com'`:                        {1, "alan"},
		`[EMailAddr] = 'team@example.com' AND [Alias] = 'Team Two'`:  {1, "team.two"},
		`[Status] = 'Inactive' OR [EMailAddr] = 'grace@example.com'`: {2, `lastpage="true"`},
		`[Status] = 'Active'`:                                        {2, `lastpage="false"`},
		`EMailAddr = 'ada@example.com'`:                              {-1, "SBL-DAT-00501"},
		`[EMailAddr] = 'ada@example.com' OR`:                         {-1, "SBL-DAT-00501"},
	} {
		got := b.ask(session, "User", ` searchspec="`+search+`"`)
		if rows := strings.Count(got.Body, "<UserSignInId>"); rows != max(want.rows, 0) || !strings.Contains(got.Body, want.text) ||
			(got.Status == http.StatusOK) != (want.rows >= 0) {
			t.Errorf("%s: %d %s", search, got.Status, got.Body)
		}
	}
	appointments := b.ask(session, "Activity", ` searchspec="[Activity] = 'Appointment'"`)
	if !strings.Contains(appointments.Body, "AAPA-A0001") || strings.Contains(appointments.Body, "AAPA-A0002") {
		t.Errorf("%s", appointments.Body)
	}
	for name, header := range map[string]string{"no action": "", "another action": `"document/urn:x:ContactQueryPage"`} {
		got := b.send(http.MethodPost, b.URL()+oracle.Path, "", "Cookie", "JSESSIONID="+session, "SOAPAction", header)
		if got.Status != 500 || !strings.Contains(got.Body, "SBL-ODU-01007") {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	got := b.send(http.MethodPost, b.URL()+oracle.Path, "<x/>", "Cookie", "JSESSIONID="+session,
		"SOAPAction", "document/urn:crmondemand/ws/ecbs/contact/:ContactQueryPage")
	if got.Status != 500 || !strings.Contains(got.Body, "SBL-EAI-04316") {
		t.Errorf("another document: %d %s", got.Status, got.Body)
	}
	if got := b.send(http.MethodGet, b.URL()+"/Services", ""); got.Status != http.StatusNotFound {
		t.Errorf("another path: %d", got.Status)
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	b := start(t, oracle.Options{})
	session := b.session()
	for object, change := range map[string]func(*oracle.User){
		"User":     func(u *oracle.User) { u.Users = false },
		"Contact":  func(u *oracle.User) { u.Contacts = false },
		"Activity": func(u *oracle.User) { u.Calendar, u.Mail = false, false },
	} {
		if got := b.ask(session, object, ""); got.Status != http.StatusOK {
			t.Errorf("%s: %d %s", object, got.Status, got.Body)
		}
		b.update("riva-sync", change)
		if got := b.ask(session, object, ""); !strings.Contains(got.Body, "SBL-DAT-00553") {
			t.Errorf("%s without the right: %d %s", object, got.Status, got.Body)
		}
	}
	b.UpdateCompany(func(c *oracle.Company) { c.Exhausted = true })
	if got := b.ask(session, "Contact", ""); !strings.Contains(got.Body, "SBL-SBL-70172") {
		t.Errorf("allotment used up: %s", got.Body)
	}
}
