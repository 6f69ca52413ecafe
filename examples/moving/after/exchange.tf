removed {
  from = riva_connection.exchange

  lifecycle {
    destroy = false
  }
}
