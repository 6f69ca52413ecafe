# Tests the configuration without any system: terraform test. Mocked ids are random texts, and the mocked result of a connection
# test is false, which fails the check.

mock_provider "riva" {
  alias = "north"

  override_data {
    target = module.north.data.riva_connection_test.mail
    values = { passed = true }
  }
}

mock_provider "riva" {
  alias = "south"

  override_data {
    target = module.south.data.riva_connection_test.mail
    values = { passed = true }
  }
}

variables {
  data_dir   = "not used"
  keyset_dir = "not used"
  passwords  = { north = "not used", south = "not used" } # in the test, since Terraform 1.11 ignores defaults of ephemeral variables
}

run "apply" {
  assert {
    condition     = length(module.north.users) == 2 && length(module.south.users) == 1
    error_message = "A tenant has the users of another one."
  }

  assert {
    condition     = join(",", sort(keys(output.connections))) == "north,south"
    error_message = "A tenant has no connection."
  }
}

run "failing_connection" {
  override_data {
    target = module.south.data.riva_connection_test.mail
    values = { passed = false, report = "Cannot Connect to the Target System with Given Credentials" }
  }

  expect_failures = [check.mail_connections]
}
