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
    ews_url        = "https://mail.example.com/EWS/Exchange.asmx"
    username       = "svc-riva@example.com"
    password_wo    = var.exchange_password # write-only: never in plan or state
    authentication = "ntlm"
  }

  timeouts {
    create = "2m"
  }
}

resource "riva_connection" "crm" {
  name                 = "Salesforce production"
  revalidation_trigger = "2026-03" # another value signs in again and reads the metadata again

  salesforce {
    username        = "riva-sync@example.com" # who must have signed in …
    organization_id = "00D5f000000aaaaEAA"    # … and where: any other organization is refused
    client_id       = "3MVG9…"
    private_key_wo  = var.salesforce_private_key # or client_secret_wo, or refresh_token_wo
  }
}

# Without a secret, a person signs in: the plan and the apply warn, with what to run.
resource "riva_connection" "by_person" {
  name = "Salesforce by a person"

  salesforce {
    username  = "riva-sync@example.com"
    client_id = "3MVG9…"
  }
}
