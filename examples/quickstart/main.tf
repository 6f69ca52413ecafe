# One connection to an email system, a test that watches it, and a sync policy with its users.
#
# The control plane runs inside the provider and keeps its data in ./.riva: nothing else is needed but the email
# system itself. To try it without one, start the stand-in:
#
#   go run ./internal/sandbox/riva-sandbox -tfvars examples/quickstart/terraform.tfvars

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source = "terraform-provider-riva/riva"
    }
  }
}

provider "riva" {}

resource "riva_connection" "mail" {
  name            = "Exchange"
  deletion_policy = var.deletion_policy

  exchange = {
    ews_url        = var.exchange_url
    username       = var.exchange_username
    password_wo    = var.exchange_password
    ca_certificate = var.exchange_ca_certificate
  }
}

data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  test          = "general"
  depends_on    = [riva_connection.mail] # so that a change is applied before it is tested
}

check "mail_connection" {
  assert {
    condition     = data.riva_connection_test.mail.passed
    error_message = data.riva_connection_test.mail.summary
  }
}

resource "riva_user" "synchronised" {
  for_each = var.user_emails

  email = each.value
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  email_connection_id = riva_connection.mail.id
  interval            = "30m"
}

data "riva_sync_logs" "mail" {
  policy_id = riva_sync_policy.mail.id
  limit     = max(1, length(var.user_emails)) # what the newest cycle wrote: one line a user
}
