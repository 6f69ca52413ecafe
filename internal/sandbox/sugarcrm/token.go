package sugarcrm

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// client is the OAuth key of every instance. It has no secret.
const client = "sugar"

// token serves the token endpoint: POST oauth2/token.
func (s *Server) token(r *request) sandbox.Response {
	if r.Request.Method != http.MethodPost {
		return errorResponse("no_method", "")
	}
	if response := r.scriptedFault(); response != nil {
		r.recordAttempt(scriptedReason(*response))
		return *response
	}
	opened, reason, response := s.grant(r)
	if response != nil {
		r.recordAttempt(reason)
		return *response
	}
	r.recordAttempt("")
	body := tokenBody(opened)
	body["refresh_token"] = opened.refresh
	body["refresh_expires_in"] = int(refreshLifetime.Seconds())
	body["download_token"] = newID()
	return jsonResponse(http.StatusOK, body)
}

// recordAttempt records a sign-in attempt. The reason of a rejection is empty for an accepted one.
func (r *request) recordAttempt(reason string) {
	attempt := sandbox.SignIn{
		Scheme: r.arg("grant_type"), User: r.arg("username"), Accepted: reason == "", Reason: reason, Secret: r.arg("password"),
	}
	if attempt.Secret == "" {
		attempt.Secret = r.arg("refresh_token")
	}
	r.RecordSignIn(attempt)
}

func scriptedReason(response sandbox.Response) string {
	return http.StatusText(response.Status) + " as scripted"
}

func tokenBody(opened *session) map[string]any {
	return map[string]any{
		"access_token": opened.token, "expires_in": int(accessLifetime.Seconds()), "token_type": "bearer", "scope": nil,
	}
}

// grant opens a session. If the request is rejected, it returns the reason for the record and the response.
func (s *Server) grant(r *request) (opened *session, reason string, response *sandbox.Response) {
	reject := func(reason, label, text string) (*session, string, *sandbox.Response) {
		return nil, reason, new(errorResponse(label, text))
	}
	platform, ok := s.platform(r)
	if !ok {
		return reject("unknown platform", "invalid_parameter", invalidPlatform)
	}
	if r.arg("client_id") != client || r.arg("client_secret") != "" {
		return reject("unknown client", "invalid_client", "")
	}
	var user *User
	switch r.arg("grant_type") {
	case "password":
		if user, reason = s.signIn(r.arg("username"), r.arg("password")); user == nil {
			text := ""
			if reason == "locked" {
				text = tooManyAttempts
			}
			return reject(reason, "need_login", text)
		}
	case "refresh_token":
		open := s.refreshableSession(r.arg("refresh_token"))
		if open == nil {
			rejection := errorResponse("invalid_grant", "Invalid refresh token")
			rejection.Status = http.StatusBadRequest // the status of the token endpoint differs from that of other calls
			return nil, "unknown refresh token", &rejection
		}
		user, platform = s.userByID(open.userID), open.platform
	default:
		return reject("unknown grant", "unsupported_grant_type", "")
	}
	if label := s.closedLabel(*user); label != "" && !user.Admin {
		return reject("not open", label, "")
	}
	return s.openSession(*user, platform, ""), "", nil
}

// platform returns the platform of a call, and whether it is a known one.
func (s *Server) platform(r *request) (string, bool) {
	platform := r.arg("platform")
	if platform == "" {
		platform = "base"
	}
	known := s.state.instance.Platforms
	return platform, len(known) == 0 || slices.Contains(known, platform)
}

// signIn returns the user of a name and a password, or the reason of the rejection. The reason is for the record only.
func (s *Server) signIn(userName, password string) (*User, string) {
	user := s.Find(userName)
	switch {
	case user == nil:
		return nil, "unknown user"
	case user.Locked:
		return nil, "locked"
	case password != user.Password:
		user.Locked = s.Reject(user.ID)
		return nil, "wrong password"
	case !user.Active:
		return nil, "inactive"
	}
	s.Accept(user.ID)
	return user, ""
}

// closedLabel returns the error label for a closed instance; empty if the user may call it.
func (s *Server) closedLabel(user User) string {
	switch {
	case s.state.instance.LicenseExpired:
		return "admin_only"
	case s.state.instance.Maintenance && !user.Admin:
		return "maintenance"
	}
	return ""
}

// sudo makes an administrator act as a user: POST oauth2/sudo/<user name>.
func (s *Server) sudo(r *request) sandbox.Response {
	if !r.user.Admin || r.session.sudoFor != "" {
		return errorResponse("not_authorized", "")
	}
	platform, ok := s.platform(r)
	if !ok {
		return errorResponse("invalid_parameter", invalidPlatform)
	}
	user := s.Find(cmp.Or(s.state.instance.ActsAs, r.path[2]))
	if user == nil || !user.Active {
		return errorResponse("not_found", "")
	}
	r.SetUser(r.user.UserName, user.UserName)
	return jsonResponse(http.StatusOK, tokenBody(s.openSession(*user, platform, r.user.UserName)))
}

// logout ends the session, and the session of a refresh token in the body: POST oauth2/logout.
func (s *Server) logout(r *request) sandbox.Response {
	token := r.arg("refresh_token")
	s.endSessions(func(open *session) bool { return open == r.session || token != "" && open.refresh == token })
	return jsonResponse(http.StatusOK, map[string]bool{"success": true})
}
