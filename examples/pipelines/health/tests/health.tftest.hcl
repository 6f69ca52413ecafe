# A check that fails is a warning to plan and apply, and an error to test.
run "health" {
  command = plan
}
