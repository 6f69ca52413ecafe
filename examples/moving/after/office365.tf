variable "office365_client_secret" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

resource "riva_connection" "office365" {
  name = "Microsoft 365"

  office365 {
    tenant_id        = "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a"
    client_id        = "1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d"
    client_secret_wo = var.office365_client_secret
    validation_email = "riva@example.com"
  }
}

data "riva_connection_test" "office365" {
  connection_id = riva_connection.office365.id
  account       = "user"
  user_email    = "ada@example.com"
  test          = "calendar"
  depends_on    = [riva_connection.office365] # so that a change is applied before it is tested
}

check "office365" {
  assert {
    condition     = data.riva_connection_test.office365.passed
    error_message = data.riva_connection_test.office365.report
  }
}
