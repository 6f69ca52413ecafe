data "riva_sync_policy" "mail" {
  name = "Mail"
}

# Says so when the last full sync cycle could not use a connection.
check "last_cycle" {
  assert {
    condition     = try(data.riva_sync_policy.mail.last_cycle.users_faulty, 0) == 0
    error_message = try(data.riva_sync_policy.mail.last_cycle.fault.title, "Some users have a fault; see their sync logs.")
  }
}
