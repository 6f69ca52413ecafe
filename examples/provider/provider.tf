terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

# The control plane runs inside the provider, with its data in ./.riva.
provider "riva" {}

variable "exchange_password" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

resource "riva_connection" "mail" {
  name = "Exchange"

  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = var.exchange_password # write-only: never in plan or state
  }
}

# Every plan and every apply signs in, and says what to do if that fails.
data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  depends_on    = [riva_connection.mail] # so that a change is applied before it is tested
}

check "mail_connection" {
  assert {
    condition     = data.riva_connection_test.mail.passed
    error_message = data.riva_connection_test.mail.report
  }
}
