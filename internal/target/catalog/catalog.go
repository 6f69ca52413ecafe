// Package catalog is the list of all target systems, and the only place that knows every one of them.
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
