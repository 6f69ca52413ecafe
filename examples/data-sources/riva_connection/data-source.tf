data "riva_connection" "mail" {
  name = "Exchange"
}

output "mail_connection" {
  value = {
    status           = data.riva_connection.mail.status
    created_at       = data.riva_connection.mail.created_at
    last_modified_at = data.riva_connection.mail.last_modified_at
    deletable        = data.riva_connection.mail.deletable
  }
}
