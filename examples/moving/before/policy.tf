resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.exchange.id
  interval            = "30m"
}
