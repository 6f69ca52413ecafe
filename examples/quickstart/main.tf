# One connection to an email system and one to a CRM, tests that watch them, and a sync policy over both with its users.
#
# The control plane runs inside the provider and keeps its data in ./.riva: nothing else is needed but the two systems
# themselves. To try it without them, start the stand-ins:
#
#   go run ./internal/cmd/sandbox -tfvars examples/quickstart/terraform.tfvars

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

resource "riva_connection" "mail" {
  name            = "Exchange"
  deletion_policy = var.deletion_policy

  exchange {
    ews_url        = var.exchange_url
    username       = var.exchange_username
    password_wo    = var.exchange_password
    ca_certificate = var.exchange_ca_certificate
  }
}

resource "riva_connection" "crm" {
  name                 = "Salesforce"
  deletion_policy      = var.deletion_policy
  revalidation_trigger = var.revalidation_trigger

  salesforce {
    login_url        = var.salesforce_login_url
    username         = var.salesforce_username        # who must have signed in …
    organization_id  = var.salesforce_organization_id # … and where
    client_id        = var.salesforce_client_id
    private_key_wo   = var.salesforce_private_key # one of the two
    client_secret_wo = var.salesforce_client_secret
    ca_certificate   = var.salesforce_ca_certificate
  }
}

data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  test          = "general"
  depends_on    = [riva_connection.mail] # so that a change is applied before it is tested
}

data "riva_connection_test" "crm" {
  connection_id = riva_connection.crm.id
  test          = "general"
  depends_on    = [riva_connection.crm]
}

check "mail_connection" {
  assert {
    condition     = data.riva_connection_test.mail.passed
    error_message = data.riva_connection_test.mail.report
  }
}

check "crm_connection" {
  assert {
    condition     = data.riva_connection_test.crm.passed
    error_message = data.riva_connection_test.crm.report
  }
}

resource "riva_user" "synced" {
  for_each = var.user_emails

  email = each.value
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "30m"
}

# A sync policy that is made or changed reads the metadata of its CRM again, so this reads the connection after that.
data "riva_connection" "crm" {
  id         = riva_connection.crm.id
  depends_on = [riva_sync_policy.mail]
}

data "riva_sync_logs" "mail" {
  policy_id = riva_sync_policy.mail.id
  limit     = max(1, 2 * length(var.user_emails)) # what the newest cycle wrote: a line for each user and connection
}
