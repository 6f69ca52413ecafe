package netsuite

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// rejection is the response to a rejected sign-in. It is the same for all causes, unless the account is Detailed.
func (s *Server) rejection(signInErr *signInError, rest bool) sandbox.Response {
	code := "token_rejected"
	if s.state.account.Detailed {
		code = signInErr.code
	}
	response := restletError(http.StatusUnauthorized, "INVALID_LOGIN_ATTEMPT", "Invalid login attempt.")
	if rest {
		response = newAPIError("INVALID_LOGIN", "").response()
	}
	response.Header.Set("Www-Authenticate", fmt.Sprintf(`OAuth realm=%q, error=%q, error_description="Invalid login attempt."`,
		s.state.account.ID, code))
	return response
}

// tokenInfo describes the token.
func (s *Server) tokenInfo() sandbox.Response {
	user := s.Find(s.state.token.User)
	environment := "PRODUCTION"
	if strings.Contains(s.state.account.ID, "_SB") {
		environment = "SANDBOX"
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"companyName":     s.state.account.Name,
		"companyId":       cmp.Or(s.state.account.CompanyID, s.state.account.ID),
		"environmentName": environment,
		"roleName":        s.state.role.Name, "roleId": strconv.Itoa(s.state.role.ID),
		"userName": user.Name, "userId": strconv.Itoa(user.ID), "consumerName": s.state.integration.Name,
	})
}

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{"Content-Type": {"application/json; charset=UTF-8"}, "Cache-Control": {"no-cache"}}
	return sandbox.JSON(status, header, value)
}

// restletError returns an error in the form of RESTlets.
func restletError(status int, code, message string) sandbox.Response {
	return jsonResponse(status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}
