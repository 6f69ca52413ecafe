# Tenants that share nothing: each has a data directory, a keyset and secrets of its own. A provider configuration has no for_each
# in Terraform, and a module with for_each gets one provider for all its instances. So each tenant is a provider and a module; what
# differs between tenants is in one map.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

locals {
  tenants = {
    north = {
      ews_url  = "https://mail.north.example.com/EWS/Exchange.asmx"
      username = "svc-riva@north.example.com"
      users    = ["ada@north.example.com", "grace@north.example.com"]
    }
    south = {
      ews_url  = "https://mail.south.example.com/EWS/Exchange.asmx"
      username = "svc-riva@south.example.com"
      users    = ["alan@south.example.com"]
    }
  }
}

variable "data_dir" {
  description = "Folder for the data directories of the tenants."
  type        = string
}

variable "keyset_dir" {
  description = "Folder for the keysets of the tenants, on another disk."
  type        = string
}

variable "passwords" {
  description = "Passwords of the service accounts, by tenant."
  type        = map(string)
  ephemeral   = true # else Terraform writes them into saved plans
  sensitive   = true
}

provider "riva" {
  alias    = "north"
  data_dir = "${var.data_dir}/north"
  keyset   = "${var.keyset_dir}/north.json"
}

provider "riva" {
  alias    = "south"
  data_dir = "${var.data_dir}/south"
  keyset   = "${var.keyset_dir}/south.json"
}

module "north" {
  source    = "./tenant"
  providers = { riva = riva.north }

  settings = local.tenants.north
  secrets  = { password = lookup(var.passwords, "north", null) }
}

module "south" {
  source    = "./tenant"
  providers = { riva = riva.south }

  settings = local.tenants.south
  secrets  = { password = lookup(var.passwords, "south", null) }
}

locals {
  modules = { north = module.north, south = module.south }
}

check "every_tenant_has_a_module" {
  assert {
    condition     = toset(keys(local.tenants)) == toset(keys(local.modules))
    error_message = "Add a provider and a module for each tenant."
  }
}

check "mail_connections" {
  assert {
    condition = alltrue([for tenant in local.modules : tenant.test.passed])
    error_message = join("\n\n", [
      for name, tenant in local.modules : "${name}: ${tenant.test.report}" if !tenant.test.passed
    ])
  }
}

output "connections" {
  description = "Id of the connection of each tenant."
  value       = { for name, tenant in local.modules : name => tenant.connection_id }
}
