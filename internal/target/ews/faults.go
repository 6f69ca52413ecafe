package ews

import (
	_ "embed"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// table is the response codes of EWS, with the field names of the system exchange.
var table = errortable.Of(errorRows)

// The field names in the table.
const (
	URLField      = "ews_url"
	MailboxField  = "mailbox"
	UsernameField = "username"
	PasswordField = "password"
	AccessField   = "access"
)

// Errors returns the response codes of EWS. For a system with other fields, [errortable.Table.Rename] replaces them.
func Errors() errortable.Table { return table() }

// UserErrors returns what errors mean if the call acts as a user by impersonation: what EWS reports about the calling account
// is then about that user. So it says nothing about the credentials of the service account.
func UserErrors(t errortable.Table) errortable.Table {
	rows := t.Rows()
	for i, row := range rows {
		switch {
		case row.Fault == target.UserNotFound && row.Field != "":
			rows[i].Meaning = "The user has no mailbox."
		case row.Fault == target.GivenCredentials:
			rows[i].Fault, rows[i].Certain = target.UserNotFound, false
		default:
			continue
		}
		rows[i].Field, rows[i].NoField, rows[i].Help = "", false, helpImpersonatedUser
	}
	return errortable.New(rows...)
}

// helpImpersonatedUser is the help step about the account of a user that a call impersonates.
const helpImpersonatedUser = "The error is about the user, not about the service account. Check that the account of the user " +
	"is enabled and can sign in, and that it has a mailbox."

// The codes that decide more than the fault.
const (
	errorServerBusy          = "ErrorServerBusy"
	errorNoResults           = "ErrorNameResolutionNoResults"
	errorMultipleResults     = "ErrorNameResolutionMultipleResults"
	errorMissingEmailAddress = "ErrorMissingEmailAddress"
)

// systemError finds the error of a response: in its SOAP fault, or in the first message that reports no success.
func (e *responseEnvelope) systemError(status int) *call.SystemError {
	if f := e.Body.Fault; f != nil {
		code := f.Code
		if code == "" {
			_, local, prefixed := strings.Cut(f.FaultCode, ":")
			if code = local; !prefixed {
				code = f.FaultCode
			}
		}
		if status == http.StatusServiceUnavailable && !strings.HasPrefix(code, "Error") {
			code = errorServerBusy // EWS itself responded, so it is running and throttles
		}
		return describe(code, first(f.Message, f.FaultString), f.Values)
	}
	for _, m := range e.Body.Response.messages() {
		if m.Class != "Success" {
			return describe(m.Code, m.Text, m.Values)
		}
	}
	return nil
}

// isUnknown reports whether an error is a response code of EWS that is not in the table.
func (e *responseEnvelope) isUnknown(systemErr *call.SystemError) bool {
	if systemErr == nil || table().Knows(systemErr.Code) {
		return false
	}
	return e.Body.Fault == nil || strings.HasPrefix(systemErr.Code, "Error")
}

// asUnknown corrects the fault of a response code that is not known: EWS itself responded, so neither its address nor any
// other setting is the cause.
func asUnknown(fault *target.Fault) {
	if fault.Code == target.Misconfigured || fault.Code == target.SystemNotAvailable {
		fault.Code, fault.Field, fault.NoField = target.SystemNotAvailable, "", true
	}
}

// describe adds the details to a code. The inner error is the actual one
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange).
func describe(code, text string, values []value) *call.SystemError {
	systemErr := &call.SystemError{Code: code, Message: text}
	for _, v := range values {
		switch v.Name {
		case "BackOffMilliseconds":
			if ms, err := strconv.ParseInt(strings.TrimSpace(v.Text), 10, 32); err == nil && ms > 0 {
				systemErr.RetryAfter = time.Duration(ms) * time.Millisecond
			}
		case "InnerErrorResponseCode":
			if inner := strings.TrimSpace(v.Text); inner != "" && inner != "NoError" {
				systemErr.Code = inner
			}
		}
	}
	return systemErr
}

func first(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}
