package dynamics365

import (
	_ "embed"
	"errors"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// apiErrors is the errors of the Web API.
var apiErrors = errortable.Of(errorRows)

// apiClassifier maps the errors of the Web API to faults.
func apiClassifier() call.Classifier { return call.Classifier{Address: address, Errors: apiErrors()} }

// userCodes are the codes about the caller. In a call as a user, they are about that user: a user who is disabled, without a
// license, in no enabled business unit, unknown, or removed since the lookup.
func userCodes() []string {
	return []string{
		"0x80040225", "0x8004a112", "0x8004d24b", "0x8004032c", "0x80072560", "0x80040354", "0x80040226", "0x8004d211", "0x80040217",
	}
}

// failure is the meaning of a general code, which the environment also returns for an address that does not exist, in a
// response whose status is one of the server.
var failure = errortable.Row{
	Code: "0x8006088a", Fault: target.SystemNotAvailable, NoField: true, Meaning: "The Web API failed.",
}

// administrationMode matches the text of a response without an error code: an environment in this mode lets administrators in
// only.
var administrationMode = regexp.MustCompile(`(?i)[^\r\n<>{}"]{0,120}\badmin(istration)? mode\b[^\r\n<>{}"]{0,120}`)

// codeOf returns the environment's own code for a fault; empty if it returned none.
func codeOf(fault *target.Fault) string {
	if systemErr, ok := errors.AsType[*call.SystemError](fault); ok {
		return systemErr.Code
	}
	return ""
}
