# The objects of one tenant, in the control plane of the provider that the caller passes.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

variable "settings" {
  description = "Settings of the tenant."
  type = object({
    ews_url  = string
    username = string
    users    = set(string)
  })
}

variable "secrets" {
  description = "Secrets, by the names of their attributes without _wo."
  type        = map(string)
  default     = {}
  ephemeral   = true
  sensitive   = true
}

resource "riva_connection" "mail" {
  name = "Exchange"

  exchange {
    ews_url     = var.settings.ews_url
    username    = var.settings.username
    password_wo = lookup(var.secrets, "password", null)
  }
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  email_connection_id = riva_connection.mail.id
  interval            = "1h"
  enabled             = false # until there is a CRM connection
}

resource "riva_user" "each" {
  for_each = var.settings.users # never ephemeral

  email          = each.value
  sync_policy_id = riva_sync_policy.mail.id
}

data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  depends_on    = [riva_connection.mail] # so that a change is applied before it is tested
}

output "connection_id" {
  description = "Id of the connection."
  value       = riva_connection.mail.id
}

output "users" {
  description = "Email addresses of the users."
  value       = [for user in riva_user.each : user.email]
}

output "test" {
  description = "Result of the connection test."
  value       = { passed = data.riva_connection_test.mail.passed, report = data.riva_connection_test.mail.report }
}
