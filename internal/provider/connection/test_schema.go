package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
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
		Attributes: merged(resultAttributes(), map[string]schema.Attribute{
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
			"report": computedString("A complete message: the summary and, if the test failed, the target system's own message " +
				"and the next steps, one on each line."),
			"warnings": warningsAttribute("Certificates that expire within 30 days or have expired, and deprecated values. The plan " +
				"shows each of them as a warning too."),
		}),
		Blocks: map[string]schema.Block{"timeouts": controlplane.DataTimeouts(ctx)},
	}
}
