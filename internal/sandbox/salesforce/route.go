package salesforce

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The paths of both sites.
const (
	authorizePath = "/services/oauth2/authorize"
	tokenPath     = "/services/oauth2/token"
	keysPath      = "/id/keys"
	discoveryPath = "/.well-known/openid-configuration"
	logoutPath    = "/secur/logout.jsp"
	userInfoPath  = "/services/oauth2/userinfo"
	identityPath  = "/id/"
	dataPath      = "/services/data"
)

// operations are the operations that a fault can be limited to, with their paths.
var operations = sandbox.Operations{
	{"authorize", regexp.MustCompile(`^` + authorizePath + `$`)},
	{"token", regexp.MustCompile(`^` + tokenPath + `$`)},
	{"userinfo", regexp.MustCompile(`^` + userInfoPath + `$`)},
	{"openid-configuration", regexp.MustCompile(`^` + regexp.QuoteMeta(discoveryPath) + `$`)},
	{"keys", regexp.MustCompile(`^` + keysPath + `$`)},
	{"logout", regexp.MustCompile(`^` + regexp.QuoteMeta(logoutPath) + `$`)},
	{"identity", regexp.MustCompile(`^` + identityPath)},
	{"versions", regexp.MustCompile(`^` + dataPath + `/?$`)},
	{"resources", regexp.MustCompile(`^` + dataPath + `/v\d+\.0/?$`)},
	{"sobjects", regexp.MustCompile(`^` + dataPath + `/v\d+\.0/sobjects/?$`)},
	{"describe", regexp.MustCompile(`^` + dataPath + `/v\d+\.0/sobjects/\w+/describe/?$`)},
	{"query", regexp.MustCompile(`^` + dataPath + `/v\d+\.0/query/?$`)},
}

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	path := call.Request.URL.Path
	switch call.Operation {
	case "authorize":
		return s.pages.Serve(call)
	case "logout":
		return s.pages.SignOut(call, "You are logged out.")
	case "openid-configuration":
		return s.configuration()
	case "keys":
		return s.keys()
	case "token":
		return s.token(call)
	case "userinfo":
		return s.userInfo(call)
	case "identity":
		return s.identity(call)
	case "versions":
		return jsonResponse(http.StatusOK, versions())
	}
	if strings.HasPrefix(path, dataPath+"/") {
		return s.serveREST(call)
	}
	return sandbox.HTML(http.StatusNotFound, "URL No Longer Exists",
		"<h1>URL No Longer Exists</h1><p>You have attempted to reach a URL that no longer exists on salesforce.com.</p>")
}
