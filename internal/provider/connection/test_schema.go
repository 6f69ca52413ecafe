package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

const testDescription = `
Runs a connection test whenever it is read, and returns the result. A fault is a result, not an error: ` +
	"`check`, `precondition` and `postcondition`" + ` decide what it means. A connection that does not exist, or a test
that its target system does not support, is an error.

Add a ` + "`depends_on`" + ` of the connection, so that a change is applied before it is tested.
`

func testSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: testDescription,
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: connectionIDDescription,
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
			"report": computedString("A complete message: the summary and, if the test failed, the target system's own message " +
				"and the next steps, one on each line."),
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
			"tested_at": computedTime("When the test ran."),
			"remembered": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "The target system was not called: it rejected the same credentials before, and too many " +
					"attempts can lock the account.",
			},
			"warnings": warningsAttribute("Certificates that expire within 30 days or have expired, and deprecated values. The plan " +
				"shows each of them as a warning too."),
		},
		Blocks: map[string]schema.Block{"timeouts": controlplane.DataTimeouts(ctx)},
	}
}
