package google

import (
	"maps"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// accessTokenLifetime is how long an access token is valid.
const accessTokenLifetime = time.Hour

// The scopes of the implemented APIs and of the identity services. Some are accepted by several operations.
const (
	scopeGmail             = "https://mail.google.com/"
	scopeGmailReadonly     = "https://www.googleapis.com/auth/gmail.readonly"
	scopeGmailMetadata     = "https://www.googleapis.com/auth/gmail.metadata"
	scopeGmailModify       = "https://www.googleapis.com/auth/gmail.modify"
	scopeCalendar          = "https://www.googleapis.com/auth/calendar"
	scopeCalendarReadonly  = "https://www.googleapis.com/auth/calendar.readonly"
	scopeCalendarEvents    = "https://www.googleapis.com/auth/calendar.events.readonly"
	scopeContacts          = "https://www.googleapis.com/auth/contacts"
	scopeContactsReadonly  = "https://www.googleapis.com/auth/contacts.readonly"
	scopeTasks             = "https://www.googleapis.com/auth/tasks"
	scopeTasksReadonly     = "https://www.googleapis.com/auth/tasks.readonly"
	scopeDirectoryUser     = "https://www.googleapis.com/auth/admin.directory.user"
	scopeDirectoryReadonly = "https://www.googleapis.com/auth/admin.directory.user.readonly"
	scopeOpenID            = "openid"
	scopeEmail             = "email"
	scopeProfile           = "profile"
	scopeUserinfoEmail     = "https://www.googleapis.com/auth/userinfo.email"
	scopeUserinfoProfile   = "https://www.googleapis.com/auth/userinfo.profile"
)

// otherScopes are scopes of Google Workspace whose APIs the stand-in does not have
// (https://developers.google.com/identity/protocols/oauth2/scopes).
func otherScopes() []string {
	names := []string{
		"admin.directory.customer", "admin.directory.domain", "admin.directory.group", "admin.directory.group.member",
		"admin.directory.orgunit", "admin.reports.audit.readonly", "apps.groups.settings", "calendar.events", "calendar.freebusy",
		"calendar.settings.readonly", "chat.messages", "contacts.other.readonly", "directory.readonly", "documents", "drive",
		"drive.file", "drive.readonly", "forms.body", "gmail.compose", "gmail.insert", "gmail.labels", "gmail.send",
		"gmail.settings.basic", "gmail.settings.sharing", "presentations", "spreadsheets", "spreadsheets.readonly",
	}
	for i, name := range names {
		names[i] = "https://www.googleapis.com/auth/" + name
	}
	return names
}

// knownScopes are all existing scopes. Other scopes are rejected as invalid.
func knownScopes() []string {
	return append([]string{
		scopeGmail, scopeGmailReadonly, scopeGmailMetadata, scopeGmailModify, scopeCalendar, scopeCalendarReadonly,
		scopeCalendarEvents, scopeContacts, scopeContactsReadonly, scopeTasks, scopeTasksReadonly, scopeDirectoryUser,
		scopeDirectoryReadonly, scopeOpenID, scopeEmail, scopeProfile, scopeUserinfoEmail, scopeUserinfoProfile,
	}, otherScopes()...)
}

// Scopes are the scopes of the seed: reading mail, calendars, contacts, tasks and the directory, and the identity of
// the user.
func Scopes() []string {
	return []string{
		scopeGmailReadonly, scopeCalendarReadonly, scopeContactsReadonly, scopeTasksReadonly, scopeDirectoryReadonly,
		scopeOpenID, scopeUserinfoEmail, scopeUserinfoProfile,
	}
}

// tokens are the issued tokens. Access tokens are opaque, like Google's.
type tokens struct {
	access  map[string]grant
	refresh map[string]approval
	// consents are the scopes that users have approved on the consent page, by user id.
	consents map[string][]string
}

// grant is the grant of an access token.
type grant struct {
	userID  string // empty means the service account itself
	client  string // the client that it was issued to
	scopes  []string
	expires time.Time
	refresh string // the refresh token that it comes from; empty means none
	nonce   string // of the request of the ID token; empty means none
}

// approval is the grant of a refresh token: a user's consent to the client.
type approval struct {
	userID string
	scopes []string
}

func newTokens() tokens {
	return tokens{access: map[string]grant{}, refresh: map[string]approval{}, consents: map[string][]string{}}
}

// issue issues an access token.
func (t *tokens) issue(granted grant) string {
	token := "ya29." + sandbox.Random(4)
	t.access[token] = granted
	return token
}

// remove removes the tokens of a user, or of all users for nil.
func (t *tokens) remove(user *User, refresh bool) {
	maps.DeleteFunc(t.access, func(_ string, g grant) bool { return user == nil || g.userID == user.ID })
	if refresh {
		maps.DeleteFunc(t.refresh, func(_ string, a approval) bool { return user == nil || a.userID == user.ID })
		maps.DeleteFunc(t.consents, func(id string, _ []string) bool { return user == nil || id == user.ID })
	}
}

// findGrant returns the grant of a valid access token.
func (s *Server) findGrant(token string) (grant, bool) {
	g, ok := s.state.tokens.access[token]
	return g, ok && s.Now().Before(g.expires)
}

// userOf returns the user that an access token acts for. The service account itself is a user without mail.
func (s *Server) userOf(g grant) *User {
	if g.userID == "" {
		return &User{ID: s.state.serviceAccount.ClientID, Email: s.state.serviceAccount.Email, Calendar: true}
	}
	return s.Find(g.userID)
}

// allows reports whether one of the scopes was granted.
func (g grant) allows(accepted ...string) bool {
	return slices.ContainsFunc(accepted, func(scope string) bool { return slices.Contains(g.scopes, scope) })
}
