package entra

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// multiTenantNames are the names for more than one tenant.
var multiTenantNames = []string{"common", "organizations", "consumers"}

// configuration returns the OpenID Connect discovery document of a tenant (v2-protocols-oidc).
func (d *Directory) configuration(name string) sandbox.Response {
	id := strings.ToLower(name)
	issuer := "{tenantid}"
	if !slices.Contains(multiTenantNames, id) {
		tenant := d.state.tenant(name)
		if tenant == nil {
			return d.errorResponse(unknownTenant(name))
		}
		id, issuer = tenant.ID, tenant.ID
	}
	base := d.url() + "/" + id
	return jsonResponse(http.StatusOK, map[string]any{
		"issuer":                                d.url() + "/" + issuer + "/v2.0",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"end_session_endpoint":                  base + "/oauth2/v2.0/logout",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"userinfo_endpoint":                     "https://graph.microsoft.com/oidc/userinfo",
		"device_authorization_endpoint":         base + "/oauth2/v2.0/devicecode",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"response_types_supported":              []string{"code", "id_token", "code id_token", "id_token token"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_supported": []string{
			"sub", "iss", "cloud_instance_name", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name",
			"tid", "ver", "at_hash", "c_hash", "email",
		},
		"request_uri_parameter_supported": false, "http_logout_supported": true, "frontchannel_logout_supported": true,
		"tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com",
		"cloud_graph_host_name": "graph.windows.net", "msgraph_host": "graph.microsoft.com",
	})
}
