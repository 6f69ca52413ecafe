package connection

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

const testsDescription = `
The history of the tests of a connection, newest first. Reading it runs no test: ` + "`riva_connection_test`" + ` does.

It has the tests of Terraform, of the subcommand ` + "`connections test`" + `, and those before credentials are stored.
A full sync cycle writes sync logs instead: ` + "`riva_sync_logs`" + `.
`

func testsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: fmt.Sprintf("%s\nThe last %d tests of each connection are kept.\n", testsDescription, api.KeptTests),
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id of the connection.",
			},
			"passed": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "`true`: only tests that passed; `false`: only those that failed. Default: all tests.",
			},
			"limit": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: fmt.Sprintf("Maximum number of tests: 1 to %d. Default: `%d`.", api.KeptTests, api.KeptTests),
				Validators:          []validator.Int64{int64validator.Between(1, api.KeptTests)},
			},
			"tests": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The tests, newest first.",
				NestedObject: schema.NestedAttributeObject{Attributes: merged(resultAttributes(), map[string]schema.Attribute{
					"id":         computedString("Identifier of the test."),
					"account":    computedString("The tested account: `service_account`, or `user`."),
					"user_email": computedString("Email address of the user; null for the service account."),
					"test":       computedString("Which test it was, such as `general`."),
				})},
			},
		},
	}
}

// resultAttributes are the attributes of a result that a new test and a past one have in common.
func resultAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"passed":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the test passed."},
		"summary":  computedString("One line: the fault's title, or what passed."),
		"fault":    fault.Attribute("Why the test failed; null if it passed."),
		"identity": identityAttribute("The account that signed in; null if the sign-in failed."),
		"checks": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The checks of the test.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name":     computedString("Name of the check: `sign_in`, `identity`, or the name of a test."),
				"passed":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it passed."},
				"message":  computedString("The result in one line."),
				"duration": schema.Int64Attribute{Computed: true, MarkdownDescription: "How long it took, in milliseconds."},
			}},
		},
		"tested_at": computedTime("When the test ran (RFC 3339)."),
		"remembered": schema.BoolAttribute{
			Computed: true,
			MarkdownDescription: "The target system was not called: it rejected the same credentials before, and too many " +
				"attempts can lock the account.",
		},
		"warnings": warningsAttribute("At the time of the test: certificates that expire within 30 days or have expired, and " +
			"deprecated values."),
	}
}
