// Package catalog is the list of all target systems; no other package of the binary knows every one of them. To add a system,
// add a line here and one in package standins of the sandbox, and run TestEverySystemIsComplete of package checkout: it lists
// the tests, the example and the documentation that are still missing. CONTRIBUTING.md has the order of the steps.
package catalog

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/suitecrm"
)

// All lists the target systems in the order of the documentation.
func All() target.Catalog {
	return target.Catalog{
		exchange.System(),
		office365.System(),
		google.System(),
		hclnotes.System(),
		salesforce.System(),
		dynamics365.System(),
		netsuite.System(),
		sugarcrm.System(),
		suitecrm.System(),
		sapc4c.System(),
		oraclecrmondemand.System(),
	}
}
