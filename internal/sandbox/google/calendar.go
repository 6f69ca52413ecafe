package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// calendars lists the calendar list of the caller, which contains only the caller's calendar.
func (c *caller) calendars() (sandbox.Response, *apiError) {
	if !c.user.Calendar {
		return sandbox.Response{}, newAPIError("notACalendarUser")
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"kind": "calendar#calendarList", "etag": `"p1"`,
		"items": []map[string]any{{
			"kind": "calendar#calendarListEntry", "id": c.user.Email, "summary": c.user.Email, "timeZone": "Europe/London",
			"accessRole": "owner", "primary": true,
		}},
	}), nil
}

// events lists the events of the caller's calendar.
func (c *caller) events() (sandbox.Response, *apiError) {
	switch {
	case !c.user.Calendar:
		return sandbox.Response{}, newAPIError("notACalendarUser")
	case c.pathParameters[0] != "primary" && !c.user.hasKey(c.pathParameters[0]):
		return sandbox.Response{}, newAPIError("notFound").withMessage("Not Found")
	}
	when := func(clock string) map[string]string {
		return map[string]string{"dateTime": "2026-01-05T" + clock + "Z", "timeZone": "Europe/London"}
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"kind": "calendar#events", "etag": `"p1"`, "summary": c.user.Email, "timeZone": "Europe/London", "accessRole": "owner",
		"items": []map[string]any{{
			"kind": "calendar#event", "id": "standup1", "status": "confirmed", "summary": "Stand-up",
			"organizer": map[string]any{"email": c.user.Email, "self": true}, "start": when("09:00:00"), "end": when("09:15:00"),
		}},
	}), nil
}
