package hclnotes

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// The Calendar service adds a number to the status.
func TestNumberOfCalendarService(t *testing.T) {
	t.Parallel()
	body := `{"code":400,"text":"Bad Request","message":"No.","cserror":1024}`
	r := call.Response{Status: http.StatusBadRequest, Body: []byte(body)}
	fault := classifier().FaultOf(r, parseError(r))
	if fault.Code != target.SystemNotAvailable || fault.Message.String() != "No. (cserror 1024)" || fault.Hint == "" {
		t.Errorf("got %+v", fault)
	}
}
