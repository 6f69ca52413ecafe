mock_provider "riva" {
  override_data {
    target = data.riva_connection_test.mail
    values = { passed = true } # a mocked test has false
  }
}

variables {
  exchange_password = "not used"
}

run "working_connection" {
  assert {
    condition     = riva_connection.mail.exchange.username == "svc-riva@example.com"
    error_message = "The connection signs in as another account."
  }
}

run "failing_connection" {
  override_data {
    target = data.riva_connection_test.mail
    values = { passed = false, report = "Cannot Connect to the Target System with Given Credentials" }
  }

  expect_failures = [check.mail_connection]
}
