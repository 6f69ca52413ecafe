package sugarcrm

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// client is the OAuth key that every instance has. It has no secret.
const client = "sugar"

// token is the token endpoint: POST oauth2/token.
func (s *Server) token(r *request) sandbox.Response {
	if r.Request.Method != http.MethodPost {
		return refuse("no_method", "")
	}
	if failed := r.fault(); failed != nil {
		r.attempt(refused(*failed))
		return *failed
	}
	opened, reason, failed := s.grant(r)
	if failed != nil {
		r.attempt(reason)
		return *failed
	}
	r.attempt("")
	answer := tokenOf(opened)
	answer["refresh_token"] = opened.refresh
	answer["refresh_expires_in"] = int(refreshLifetime.Seconds())
	answer["download_token"] = newID()
	return jsonResponse(http.StatusOK, answer)
}

// attempt records an attempt to sign in; the reason is why it was refused.
func (r *request) attempt(reason string) {
	attempt := sandbox.SignIn{
		Scheme: r.arg("grant_type"), User: r.arg("username"), Accepted: reason == "", Reason: reason, Secret: r.arg("password"),
	}
	if attempt.Secret == "" {
		attempt.Secret = r.arg("refresh_token")
	}
	r.RecordSignIn(attempt)
}

func refused(answer sandbox.Response) string { return http.StatusText(answer.Status) + " as scripted" }

func tokenOf(opened *session) map[string]any {
	return map[string]any{
		"access_token": opened.token, "expires_in": int(accessLifetime.Seconds()), "token_type": "bearer", "scope": nil,
	}
}

// grant opens a session, or says why not.
func (s *Server) grant(r *request) (opened *session, reason string, failed *sandbox.Response) {
	no := func(reason, label, text string) (*session, string, *sandbox.Response) {
		return nil, reason, new(refuse(label, text))
	}
	platform, ok := s.platform(r)
	if !ok {
		return no("unknown platform", "invalid_parameter", invalidPlatform)
	}
	if r.arg("client_id") != client || r.arg("client_secret") != "" {
		return no("unknown client", "invalid_client", "")
	}
	var user *User
	switch r.arg("grant_type") {
	case "password":
		if user, reason = s.signIn(r.arg("username"), r.arg("password")); user == nil {
			text := ""
			if reason == "locked" {
				text = tooManyAttempts
			}
			return no(reason, "need_login", text)
		}
	case "refresh_token":
		open := s.state.refreshable(r.arg("refresh_token"), s.now())
		if open == nil {
			answer := refuse("invalid_grant", "Invalid refresh token")
			answer.Status = http.StatusBadRequest // the token endpoint's, unlike that of a refused call
			return nil, "unknown refresh token", &answer
		}
		user, platform = s.state.userByID(open.userID), open.platform
	default:
		return no("unknown grant", "unsupported_grant_type", "")
	}
	if label := s.closed(*user); label != "" && !user.Admin {
		return no("not open", label, "")
	}
	return s.state.open(*user, platform, "", s.now()), "", nil
}

// platform is the platform that a call names, and whether it is a known one.
func (s *Server) platform(r *request) (string, bool) {
	platform := r.arg("platform")
	if platform == "" {
		platform = "base"
	}
	known := s.state.instance.Platforms
	return platform, len(known) == 0 || slices.Contains(known, platform)
}

// signIn finds who a name and a password are, or the reason why nobody, which the client is not told.
func (s *Server) signIn(userName, password string) (*User, string) {
	user := s.state.user(userName)
	switch {
	case user == nil:
		return nil, "unknown user"
	case user.Locked:
		return nil, "locked"
	case password != user.Password:
		s.state.refused[user.ID]++
		if s.lockAfter > 0 && s.state.refused[user.ID] >= s.lockAfter {
			user.Locked = true
		}
		return nil, "wrong password"
	case !user.Active:
		return nil, "inactive"
	}
	s.state.refused[user.ID] = 0
	return user, ""
}

// closed is the label of what keeps a user out, besides signing in; empty if nothing does.
func (s *Server) closed(user User) string {
	switch {
	case s.state.instance.LicenseExpired:
		return "admin_only"
	case s.state.instance.Maintenance && !user.Admin:
		return "maintenance"
	}
	return ""
}

// sudo lets an administrator act as a user: POST oauth2/sudo/<user name>.
func (s *Server) sudo(r *request) sandbox.Response {
	if !r.user.Admin || r.session.sudoFor != "" {
		return refuse("not_authorized", "")
	}
	platform, ok := s.platform(r)
	if !ok {
		return refuse("invalid_parameter", invalidPlatform)
	}
	user := s.state.user(cmp.Or(s.state.instance.ActsAs, r.path[2]))
	if user == nil || !user.Active {
		return refuse("not_found", "")
	}
	r.SetUser(r.user.UserName, user.UserName)
	return jsonResponse(http.StatusOK, tokenOf(s.state.open(*user, platform, r.user.UserName, s.now())))
}

// logout ends the session, and the one of a refresh token that comes with it: POST oauth2/logout.
func (s *Server) logout(r *request) sandbox.Response {
	token := r.arg("refresh_token")
	s.state.end(func(open *session) bool { return open == r.session || token != "" && open.refresh == token })
	return jsonResponse(http.StatusOK, map[string]bool{"success": true})
}
