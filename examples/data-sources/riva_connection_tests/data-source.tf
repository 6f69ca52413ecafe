data "riva_connection" "mail" {
  name = "Exchange"
}

# When the connection last failed a test, and why.
data "riva_connection_tests" "failed" {
  connection_id = data.riva_connection.mail.id
  passed        = false
  limit         = 1
}

output "last_failure" {
  value = one([for test in data.riva_connection_tests.failed.tests : "${test.tested_at}: ${test.summary}"])
}
