package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

func (c *caller) taskLists() (sandbox.Response, *apiError) {
	return jsonResponse(http.StatusOK, map[string]any{
		"kind":  "tasks#taskLists",
		"items": []map[string]string{{"kind": "tasks#taskList", "id": "MDAx", "title": "My Tasks"}},
	}), nil
}
