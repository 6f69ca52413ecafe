output "connections" {
  description = "When the connections were made and last modified."
  value = {
    for c in [riva_connection.mail, riva_connection.crm] : c.name => {
      id                     = c.id
      created_at             = c.created_at
      last_modified_at       = c.last_modified_at
      credentials_updated_at = c.credentials_updated_at
    }
  }
}

output "metadata_refreshed_at" {
  description = "When the object definitions of the CRM were last read."
  value       = data.riva_connection.crm.metadata_refreshed_at
}

output "tests" {
  description = "What the connection tests found; a fault comes with what to do next."
  value = {
    mail = {
      passed  = data.riva_connection_test.mail.passed
      summary = data.riva_connection_test.mail.summary
      help    = try(data.riva_connection_test.mail.fault.help, [])
    }
    crm = {
      passed  = data.riva_connection_test.crm.passed
      summary = data.riva_connection_test.crm.summary
      help    = try(data.riva_connection_test.crm.fault.help, [])
    }
  }
}

output "sync_logs" {
  description = "What the last full sync cycle saw for each user, with each connection."
  value = {
    for log in data.riva_sync_logs.mail.logs :
    "${log.user_email}, ${log.connection_name}" => log.passed ? "passed" : log.fault.title
  }
}
