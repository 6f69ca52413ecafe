output "connection" {
  description = "When the connection was made and last modified."
  value = {
    id                     = riva_connection.mail.id
    created_at             = riva_connection.mail.created_at
    last_modified_at       = riva_connection.mail.last_modified_at
    credentials_updated_at = riva_connection.mail.credentials_updated_at
  }
}

output "test" {
  description = "What the connection test found; a fault comes with what to do next."
  value = {
    passed  = data.riva_connection_test.mail.passed
    summary = data.riva_connection_test.mail.summary
    help    = try(data.riva_connection_test.mail.fault.help, [])
  }
}

output "sync_logs" {
  description = "What the last full sync cycle saw for each user."
  value       = { for log in data.riva_sync_logs.mail.logs : log.user_email => log.passed ? "passed" : log.fault.title }
}
