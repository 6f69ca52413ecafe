package google

import (
	"maps"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// lifetime is how long an access token is good.
const lifetime = time.Hour

// The scopes that the APIs here know, and those of the identity services. Some are enough for more than one API call.
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

// knownScopes are all scopes there are; others are refused as invalid.
func knownScopes() []string {
	return []string{
		scopeGmail, scopeGmailReadonly, scopeGmailMetadata, scopeGmailModify, scopeCalendar, scopeCalendarReadonly,
		scopeCalendarEvents, scopeContacts, scopeContactsReadonly, scopeTasks, scopeTasksReadonly, scopeDirectoryUser,
		scopeDirectoryReadonly, scopeOpenID, scopeEmail, scopeProfile, scopeUserinfoEmail, scopeUserinfoProfile,
	}
}

// Scopes are those of the seed: what reads mail, calendars, contacts, tasks and the directory, and tells who somebody is.
func Scopes() []string {
	return []string{
		scopeGmailReadonly, scopeCalendarReadonly, scopeContactsReadonly, scopeTasksReadonly, scopeDirectoryReadonly,
		scopeOpenID, scopeUserinfoEmail, scopeUserinfoProfile,
	}
}

// tokens are what the stand-in has given out. The access tokens are opaque, as Google's.
type tokens struct {
	access  map[string]grant
	refresh map[string]approval
}

// grant is what an access token stands for.
type grant struct {
	userID  string // empty: the service account itself
	client  string // whom it was given to
	scopes  []string
	expires time.Time
	refresh string // the refresh token it comes from; empty: none
}

// approval is what a refresh token stands for: a person's consent to the client.
type approval struct {
	userID string
	scopes []string
}

func newTokens() tokens { return tokens{access: map[string]grant{}, refresh: map[string]approval{}} }

// open gives out an access token.
func (t *tokens) open(given grant) string {
	token := "ya29." + sandbox.Random(4)
	t.access[token] = given
	return token
}

// end ends the tokens of a user, or everybody's.
func (t *tokens) end(userID string, refresh bool) {
	maps.DeleteFunc(t.access, func(_ string, g grant) bool { return userID == "" || g.userID == userID })
	if refresh {
		maps.DeleteFunc(t.refresh, func(_ string, a approval) bool { return userID == "" || a.userID == userID })
	}
}

// live finds what an access token stands for.
func (s *Server) live(token string) (grant, bool) {
	g, ok := s.state.tokens.access[token]
	return g, ok && s.now().Before(g.expires)
}

// holder is the user that an access token acts for: the service account is one without mail, for itself.
func (s *Server) holder(g grant) *User {
	if g.userID == "" {
		return &User{ID: s.state.serviceAccount.ClientID, Email: s.state.serviceAccount.Email, Calendar: true}
	}
	return s.state.user(g.userID)
}

// allows tells whether one of the scopes was given.
func (g grant) allows(enough ...string) bool {
	return slices.ContainsFunc(enough, func(scope string) bool { return slices.Contains(g.scopes, scope) })
}
