# Can it read Ada's calendar?
#   terraform apply -invoke=action.riva_test_connection.mail
action "riva_test_connection" "mail" {
  config {
    connection_id = riva_connection.mail.id
    account       = "user"
    user_email    = "ada@example.com"
    test          = "calendar"
  }
}
