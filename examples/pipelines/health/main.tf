# Tests all connections there are. It manages nothing, so it needs no state and no secrets: the control plane has them.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

provider "riva" {}

data "riva_connections" "all" {}

data "riva_connection_test" "each" {
  for_each = { for c in data.riva_connections.all.connections : c.name => c.id }

  connection_id = each.value
}

check "every_connection_works" {
  assert {
    condition = alltrue([for test in data.riva_connection_test.each : test.passed])
    error_message = join("\n\n", [
      for name, test in data.riva_connection_test.each : "${name}: ${test.report}" if !test.passed
    ])
  }
}

check "nothing_ends_soon" {
  assert {
    condition = alltrue([for c in data.riva_connections.all.connections : length(c.warnings) == 0])
    error_message = join("\n", flatten([
      for c in data.riva_connections.all.connections : [for warning in c.warnings : "${c.name}: ${warning}"]
    ]))
  }
}
