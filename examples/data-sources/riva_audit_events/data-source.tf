data "riva_connection" "mail" {
  name = "Exchange"
}

# Who changed the connection in the last week, newest first.
data "riva_audit_events" "mail" {
  object_id = data.riva_connection.mail.id
  since     = timeadd(plantimestamp(), "-168h")
}

# Which passwords were rejected.
data "riva_audit_events" "rejected" {
  outcome = "given_credentials"
  limit   = 20
}

output "changes" {
  value = [for event in data.riva_audit_events.mail.events : "${event.at} ${event.actor}: ${event.action} ${event.outcome}"]
}
