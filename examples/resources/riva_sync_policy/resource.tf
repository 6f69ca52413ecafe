variable "exchange_password" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

variable "salesforce_private_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

resource "riva_connection" "mail" {
  name = "Exchange"

  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = var.exchange_password
  }
}

resource "riva_connection" "crm" {
  name = "Salesforce production"

  salesforce {
    username       = "riva-sync@example.com"
    client_id      = "3MVG9…"
    private_key_wo = var.salesforce_private_key
  }
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "30m"
}

# A policy that waits for its connection: it may be made without one as long as it is disabled.
resource "riva_sync_policy" "later" {
  name     = "Second mail system"
  enabled  = false
  interval = "1h"
}
