// Package validators has the validators that several entities use. They report at plan what the control plane would report
// at apply: how long a name may be, and what an email address or an id looks like.
package validators

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// maxName is the maximum length of a name, in characters.
const maxName = 200

// Name accepts a display name: one line of 1 to 200 characters that is not blank. White space around it is kept.
func Name() []validator.String {
	return []validator.String{
		stringvalidator.UTF8LengthBetween(1, maxName),
		stringvalidator.RegexMatches(regexp.MustCompile(`^\P{Cc}*$`),
			"value must not contain control characters, such as a line break or a tab"),
		stringvalidator.RegexMatches(regexp.MustCompile(`[^\s\pZ]|^$`), "value must not be only white space"),
	}
}
