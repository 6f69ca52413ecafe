terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

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
    password_wo = var.exchange_password
  }
}

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
