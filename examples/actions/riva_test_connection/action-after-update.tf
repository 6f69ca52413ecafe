# Tested after every change of the connection: an apply that changes it fails if it does not work any more. The change stays.
action "riva_test_connection" "changed" {
  config {
    connection_id = riva_connection.mail.id # from Terraform 1.16 on: caller.id
  }
}

resource "riva_connection" "mail" {
  name = "Exchange"
  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = var.exchange_password
  }

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.riva_test_connection.changed]
    }
  }
}

variable "exchange_password" {
  type      = string
  ephemeral = true
}
