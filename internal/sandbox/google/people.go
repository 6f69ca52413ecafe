package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// connections are the entries in the caller's contacts.
func (c *caller) connections() (sandbox.Response, *apiError) {
	if c.call.Request.URL.Query().Get("personFields") == "" {
		return sandbox.Response{}, newAPIError("invalidArgument").withMessage("personFields mask is required.")
	}
	name := map[string]any{"displayName": "Charles Babbage", "givenName": "Charles", "familyName": "Babbage"}
	return jsonResponse(http.StatusOK, map[string]any{
		"connections": []map[string]any{{
			"resourceName": "people/c1000", "etag": "%EgMBNwk=", "names": []map[string]any{name},
			"emailAddresses": []map[string]any{{"value": "charles@example.net"}},
		}},
		"totalPeople": 1, "totalItems": 1,
	}), nil
}
