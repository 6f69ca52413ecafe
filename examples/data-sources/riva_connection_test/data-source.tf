variable "exchange_password" {
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

# The service account signs in.
data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  account       = "service_account"
  test          = "general"
  depends_on    = [riva_connection.mail] # so that a change is applied before it is tested
}

# The service account reads a user's calendar.
data "riva_connection_test" "calendar" {
  connection_id = riva_connection.mail.id
  account       = "user"
  user_email    = "ada@example.com"
  test          = "calendar"
  depends_on    = [riva_connection.mail]
}

check "mail_connection" {
  assert {
    condition     = data.riva_connection_test.mail.passed
    error_message = data.riva_connection_test.mail.report
  }
}
