variable "exchange_password" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

resource "riva_connection" "exchange" {
  name = "Exchange"

  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = var.exchange_password
  }
}
