package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

const testDescription = `
Runs a connection test whenever it is read, and answers with what it found. A fault is an answer, not an error: ` +
	"`check`, `precondition` and `postcondition`" + ` decide what it means. A connection that does not exist, or a test
that its target system does not offer, is an error.

Give it a ` + "`depends_on`" + ` of the connection, so that a change is applied before it is tested.
`

func testSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: testDescription,
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: connectionIDDescription, Validators: controlplane.Connections.ID(),
			},
			"account": schema.StringAttribute{
				Optional: true, Computed: true,
				Validators:          accounts(),
				MarkdownDescription: accountDescription,
			},
			"user_email": schema.StringAttribute{
				Optional: true, Validators: userEmails(),
				MarkdownDescription: userEmailDescription,
			},
			"test": schema.StringAttribute{
				Optional: true, Computed: true, Validators: testNames(),
				MarkdownDescription: testAttributeDescription,
			},
			"passed":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the test passed."},
			"summary": computedString("One line: the fault's title, or what passed."),
			"report": computedString("All that a message needs: the summary and, if the test failed, the target system's own words and " +
				"what to do next, one step a line."),
			"fault":    fault.Attribute("Why the test failed; null if it passed."),
			"identity": identityAttribute("Who signed in; null if nobody could."),
			"checks": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The steps of the test.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":     computedString("What was tried: `sign_in`, `identity`, or the name of a test."),
					"passed":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it worked."},
					"message":  computedString("What was seen."),
					"duration": schema.Int64Attribute{Computed: true, MarkdownDescription: "How long it took, in milliseconds."},
				}},
			},
			"tested_at": computedTime("When the test ran."),
			"remembered": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "The target system was not asked: it refused the same credentials before, and asking too " +
					"often can lock the account.",
			},
			"warnings": warningsAttribute("What works today and will not for long: certificates that expire within 30 days or have " +
				"expired, and deprecated values. Each is a warning of the plan too."),
			"timeouts": timeouts.Attributes(ctx),
		},
	}
}
