# Sign in again with the stored credentials, and read the metadata again. With interactive = true, a person signs in instead:
#   terraform apply -invoke=action.riva_revalidate_connection.crm
action "riva_revalidate_connection" "crm" {
  config {
    connection_id = riva_connection.crm.id
  }
}
