package provider_test

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/api"

// noFilter matches every connection.
var noFilter = api.ConnectionFilter{}
